//! What a use case does to the tables, in words that are the same each time: which rows went and came, with everything
//! in their cells but what is new each time.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde_json::Value;

use super::failed::{refused, same};
use super::{Failed, Picture};

/// Columns with a time: told by how long it is before or after the call, during which the clock stands still.
const TIMES: &[&str] = &[
    "at",
    "absent_since",
    "answered_at",
    "claimed_at",
    "completed_at",
    "created_at",
    "ended_at",
    "expires_at",
    "finished_at",
    "last_seen_at",
    "lease_until",
    "pushed_at",
    "restored_at",
    "salvaged_at",
    "seen_at",
    "sent_at",
    "since",
    "started_at",
    "stop_confirmed_at",
    "stop_ordered_at",
    "until",
    "updated_at",
    "verified_at",
];
/// A time that is further away, in milliseconds, is that of another call.
const FAR: i64 = 24 * 60 * 60 * 1000;

/// Columns whose cells are new each time, in all tables or in one, and why. Of such a cell only stays whether it is there.
const NEW: &[(&str, &[&str])] = &[
    ("a time that is drawn", &["due_at", "not_before"]),
    ("a reader is there since an earlier call, some time ago", &["outbox_consumers.created_at"]),
    ("an id, made of randomness; its word elsewhere says of which table it is", &["id", "token_hash"]),
    (
        "a number that runs on over the whole database, or the whole product",
        &[
            "code",
            "sort_order",
            "sprint_goal",
            "seq",
            "ledger_seq",
            "place_seq",
            "ledger_checkpoints.number",
            "upto_seq",
            "row_count",
            "counters.n",
        ],
    ),
    ("a number of the server's transactions", &["xid", "place_xid"]),
    ("a hash of what is new each time", &["hash", "prev_hash", "root", "marks", "digest", "evidence"]),
    ("a commit, made of the time", &["commit_sha", "head_sha", "published_sha", "verified_sha"]),
    ("named after the code or the id of what it belongs to", &["branch"]),
    ("an answer with times and numbers that run on; another check compares answers", &["response"]),
    (
        "each call has its own",
        &["request_id", "lane", "products.name", "outbox_consumers.name", "terms.holder"],
    ),
];

/// A word that stands for something that is new each time is at least as long, wherever it is repeated.
const WORD: usize = 16;

/// The rows of each table that went and that came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Difference(BTreeMap<String, [Vec<String>; 2]>);

type Cells = serde_json::Map<String, Value>;

/// The words in cells that are new each time, by which other cells refer to them, and what they are.
#[derive(Debug, Default)]
pub(super) struct Names {
    of: HashMap<String, String>,
    read: HashSet<String>,
    /// When the call is made, in milliseconds since 1970.
    pub(super) now: i64,
}

impl Names {
    /// Learns those of rows that it has not read yet.
    fn learn(&mut self, picture: &Picture) -> Result<(), Failed> {
        for (table, row) in picture.iter().flat_map(|(table, rows)| rows.iter().map(move |row| (table, row)))
        {
            if self.read.contains(row) {
                continue;
            }
            self.read.insert(row.clone());
            for (column, cell) in read(row)? {
                if let (true, Value::String(cell)) = (is_new(table, &column), cell) {
                    for word in long(&cell) {
                        self.of.entry(word.to_owned()).or_insert_with(|| format!("<{table}.{column}>"));
                    }
                }
            }
        }
        Ok(())
    }

    /// The text with what a word stands for in its place.
    fn named(&self, text: &str) -> String {
        let mut named = text.to_owned();
        for word in long(text) {
            if let Some(name) = self.of.get(word) {
                named = named.replace(word, name);
            }
        }
        named
    }

    /// How long a time is before or after the call.
    fn time(&self, cell: &Value) -> String {
        let text = cell.as_str().map_or_else(|| cell.to_string(), str::to_owned);
        let moment = || text.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_millisecond);
        match text.parse().ok().or_else(moment).map(|at: i64| at - self.now) {
            Some(after) if after.abs() <= FAR => format!("{after:+} ms"),
            Some(after) if after < 0 => "before".to_owned(),
            Some(_) => "later".to_owned(),
            None => text,
        }
    }

    /// A cell without what is new each time; also within the JSON that it may be.
    fn cell(&self, table: &str, column: &str, cell: Value) -> String {
        match cell {
            Value::Null => "-".to_owned(),
            _ if is_new(table, column) => "#".to_owned(),
            cell if TIMES.contains(&column) => self.time(&cell),
            Value::Object(cells) => {
                let cells =
                    cells.into_iter().map(|(key, cell)| format!("{key}: {}", self.cell("", &key, cell)));
                format!("{{{}}}", cells.collect::<Vec<_>>().join(", "))
            }
            Value::String(text) => match read(&text) {
                Ok(cells) => self.cell(table, column, Value::Object(cells)),
                Err(_) => self.named(&text),
            },
            other => self.named(&other.to_string()),
        }
    }
}

impl Difference {
    /// Of two pictures of one database.
    pub(super) fn between(before: &Picture, after: &Picture, names: &mut Names) -> Result<Self, Failed> {
        names.learn(before)?;
        names.learn(after)?;
        let none = Vec::new();
        let mut changed = BTreeMap::new();
        let tables: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        for table in tables {
            let (was, now) = (before.get(table).unwrap_or(&none), after.get(table).unwrap_or(&none));
            let rows = [missing(table, was, now, names)?, missing(table, now, was, names)?];
            if rows.iter().any(|rows| !rows.is_empty()) {
                changed.insert(table.clone(), rows);
            }
        }
        Ok(Self(changed))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Holds it against another, table by table and row by row, so that what is said stays short.
    pub(super) fn same(&self, what: &str, expected: &Self) -> Result<(), Failed> {
        let none = [Vec::new(), Vec::new()];
        let tables: BTreeSet<&String> = self.0.keys().chain(expected.0.keys()).collect();
        for table in tables {
            let of = |all: &Self| all.0.get(table).unwrap_or(&none).clone();
            let ([went, came], [to_go, to_come]) = (of(self), of(expected));
            same(format!("{what}: rows that went from {table}"), only(&went, &to_go), only(&to_go, &went))?;
            same(format!("{what}: rows that came to {table}"), only(&came, &to_come), only(&to_come, &came))?;
        }
        Ok(())
    }
}

/// These sorted rows that are not among the others.
fn only<'a>(these: &'a [String], others: &[String]) -> Vec<&'a String> {
    let mut others = others.iter().peekable();
    let mut only = Vec::new();
    for row in these {
        while others.next_if(|other| *other < row).is_some() {}
        if others.next_if(|other| *other == row).is_none() {
            only.push(row);
        }
    }
    only
}

/// The same, without what is new each time.
fn missing(table: &str, these: &[String], others: &[String], names: &Names) -> Result<Vec<String>, Failed> {
    let rows = only(these, others).into_iter().map(|row| {
        let cells = read(row)?.into_iter();
        let cells = cells.map(|(column, cell)| format!("{column}={}", names.cell(table, &column, cell)));
        Ok(cells.collect::<Vec<_>>().join(", "))
    });
    let mut rows = rows.collect::<Result<Vec<String>, Failed>>()?;
    rows.sort_unstable();
    Ok(rows)
}

fn read(row: &str) -> Result<Cells, Failed> {
    serde_json::from_str(row).map_err(refused)
}

fn is_new(table: &str, column: &str) -> bool {
    let is = |name: &&str| match name.split_once('.') {
        Some((of, name)) => of == table && name == column,
        None => *name == column,
    };
    NEW.iter().any(|(_, columns)| columns.iter().any(is))
}

/// Its long words: first those with signs in them, as branches have, then those without.
fn long(text: &str) -> impl Iterator<Item = &str> {
    let signs = |c: char| !c.is_ascii_alphanumeric() && !"/-_".contains(c);
    let with = text.split(signs).filter(|word| word.contains('/'));
    with.chain(text.split(|c: char| !c.is_ascii_alphanumeric())).filter(|word| word.len() >= WORD)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(rows: &[(&str, &str)]) -> Picture {
        let mut picture = Picture::new();
        for (table, row) in rows {
            picture.entry((*table).to_owned()).or_default().push((*row).to_owned());
        }
        picture.values_mut().for_each(|rows| rows.sort_unstable());
        picture
    }

    /// What a claim at that time does to a job of that id, with a lease that ends so long after it.
    fn claimed(id: &str, at: i64, status: &str, worker: &str, lease: Option<i64>) -> Difference {
        let job = |status: &str, worker: &str, until: &str| {
            format!(r#"{{"id":"{id}","status":"{status}","worker":{worker},"lease_until":{until}}}"#)
        };
        let told = format!(r#"{{"seq":"{at}","entity":"{id}","facts":"{{\"job\":\"{id}\",\"at\":{at}}}"}}"#);
        let until = lease.map_or("null".to_owned(), |lease| (at + lease).to_string());
        let before = picture(&[("claude_jobs", &job("QUEUED", "null", "null"))]);
        let after = picture(&[("claude_jobs", &job(status, worker, &until)), ("ledger", &told)]);
        let mut names = Names { now: at, ..Names::default() };
        Difference::between(&before, &after, &mut names).unwrap()
    }

    const ONE: &str = "019ab3f2c4d57e019ab3f2c4d57e0001";
    const OTHER: &str = "019ab3f2c4d57e019ab3f2c4d57e0002";

    #[test]
    fn only_what_is_new_each_time_is_left_out() {
        let first = claimed(ONE, 7, "CLAIMED", "\"w\"", Some(60));
        assert_eq!(first, claimed(OTHER, 9, "CLAIMED", "\"w\"", Some(60)));
        assert_eq!(
            first.0["ledger"][1],
            ["entity=<claude_jobs.id>, facts={at: +0 ms, job: <claude_jobs.id>}, seq=#"]
        );
        assert_eq!(first.0["claude_jobs"][0], ["id=#, lease_until=-, status=QUEUED, worker=-"]);
    }

    #[test]
    fn a_moment_is_told_as_both_databases_write_it() {
        let names = Names { now: 1_800_000_000_000, ..Names::default() };
        for cell in [r#"1800000001500"#, r#""1800000001500""#, r#""2027-01-15T08:00:01.5+00:00""#] {
            assert_eq!(names.time(&serde_json::from_str(cell).unwrap()), "+1500 ms", "{cell}");
        }
        assert_eq!(names.time(&Value::from(7)), "before");
    }

    #[test]
    fn another_word_another_lease_and_a_missing_row_are_another_difference() {
        let whole = claimed(ONE, 7, "CLAIMED", "\"w\"", Some(60));
        for half in [
            claimed(ONE, 7, "CLAIMED", "null", Some(60)),
            claimed(ONE, 7, "RUNNING", "\"w\"", Some(60)),
            claimed(ONE, 7, "CLAIMED", "\"w\"", Some(59)),
            claimed(ONE, 7, "CLAIMED", "\"w\"", None),
            Difference([("ledger".to_owned(), whole.0["ledger"].clone())].into()),
            Difference::default(),
        ] {
            assert!(half.same("it", &whole).is_err(), "{half:?}");
            assert!(whole.same("it", &half).is_err(), "{half:?}");
        }
    }
}

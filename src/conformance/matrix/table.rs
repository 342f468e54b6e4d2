//! How a machine's table is written by hand, so that only the law can refuse what is written.

use std::collections::BTreeSet;

use crate::conformance::Spelling;

/// A machine's table.
#[derive(Debug, Clone, Copy)]
pub struct Table {
    /// The machine.
    pub machine: &'static str,
    /// The table.
    pub name: &'static str,
    /// The columns of a new row besides those of its status, as `column = value`, a line each; `{n}` is the entity's
    /// name. A number in a column of times is a moment.
    pub(super) born: &'static str,
    /// The id, of an entity with the name `{n}`.
    pub(super) id: &'static str,
    /// The columns of the key, as the refusal to bear somebody twice names them.
    pub key: &'static str,
    /// What changes the id.
    pub rename: &'static str,
    /// What a status needs, in the form of `born`. A column that only others need is NULL, and `{kept}` is what the
    /// column had before.
    pub(super) dress: &'static [(&'static str, &'static str)],
    /// What each move sets besides; `{event}` is its event, `{seq}` what becomes of the number of ledger rows.
    pub(super) always: &'static str,
    /// What there is of it, where not everything can be in every status.
    pub(super) kinds: &'static [Kind],
}

/// Things of a machine that have the same statuses before them.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    /// What their names begin with.
    pub(super) prefix: &'static str,
    /// The statuses that they are never in.
    pub(super) never: &'static [&'static str],
}

/// Everything can be in every status.
pub(super) const ONE: &[Kind] = &[Kind { prefix: "", never: &[] }];

impl Kind {
    pub(super) fn can_be(&self, status: &str) -> bool {
        !self.never.contains(&status)
    }
}

/// A ledger row that fits behind the entity's last one.
#[must_use]
pub fn ledger_row(
    spelling: Spelling,
    machine: &str,
    entity: &str,
    from: &str,
    event: &str,
    to: &str,
) -> String {
    let at = (spelling.time)(1);
    format!(
        "INSERT INTO ledger (machine, entity, entity_seq, from_status, event, to_status, actor_kind, actor_id, at, \
         facts, prev_hash, hash) SELECT machine, entity, entity_seq + 1, '{from}', '{event}', '{to}', 'human', 'x', \
         {at}, '{{}}', hash, '{:064}' FROM ledger WHERE machine = '{machine}' AND entity = '{entity}' \
         ORDER BY entity_seq DESC LIMIT 1;",
        7
    )
}

/// The ledger row of a birth.
#[must_use]
pub fn birth_row(spelling: Spelling, machine: &str, entity: &str, status: &str) -> String {
    let at = (spelling.time)(1);
    format!(
        "INSERT INTO ledger (machine, entity, entity_seq, from_status, event, to_status, actor_kind, actor_id, at, \
         facts, prev_hash, hash) VALUES ('{machine}', '{entity}', 1, NULL, 'create', '{status}', 'human', 'x', {at}, \
         '{{}}', '{:064}', '{:064}');",
        0, 7
    )
}

fn sets(text: &'static str) -> Vec<(&'static str, &'static str)> {
    text.lines().filter_map(|line| line.trim().split_once(" = ")).collect()
}

/// Columns of times, by how they are called.
fn is_time(column: &str) -> bool {
    column == "not_before" || ["_at", "_until", "_since"].iter().any(|end| column.ends_with(end))
}

impl Table {
    /// What the machine is called in messages.
    #[must_use]
    pub fn said(&self) -> String {
        self.machine.replace('_', " ")
    }

    /// The name of the thing that is in a status, of a kind that can also be in the other, if there is one.
    #[must_use]
    pub fn name_in(&self, status: &str, other: &str) -> String {
        let here = self.kinds.iter().filter(|kind| kind.can_be(status));
        let kind = here.clone().find(|kind| kind.can_be(other)).or(here.clone().next());
        format!("{}{status}", kind.map_or("", |kind| kind.prefix))
    }

    /// The id of the entity of that name.
    #[must_use]
    pub fn entity(&self, name: &str) -> String {
        self.id.replace("{n}", &name.to_lowercase())
    }

    /// The columns as they have to be in a status.
    fn dressed(&self, status: &str) -> Vec<(&'static str, &'static str)> {
        let own = self.dress.iter().find(|(s, _)| *s == status).map(|(_, own)| sets(own)).unwrap_or_default();
        let taken: BTreeSet<&str> = own.iter().map(|(column, _)| *column).collect();
        let all: BTreeSet<&str> =
            self.dress.iter().flat_map(|(_, text)| sets(text)).map(|(column, _)| column).collect();
        own.into_iter().chain(all.into_iter().filter(|c| !taken.contains(c)).map(|c| (c, "NULL"))).collect()
    }

    /// The row of a new entity, as `verb` INTO its table, after so many ledger rows and the event that made it.
    #[must_use]
    pub fn insert(
        &self,
        by: Spelling,
        verb: &str,
        name: &str,
        status: &str,
        event: &str,
        seq: u32,
    ) -> String {
        let columns: Vec<_> = sets(self.born).into_iter().chain(self.dressed(status)).collect();
        let names: Vec<&str> = columns.iter().map(|(column, _)| *column).collect();
        let values: Vec<String> = columns
            .iter()
            .map(|(column, value)| {
                spelt(by, column, value).replace("{n}", &name.to_lowercase()).replace("{kept}", "NULL")
            })
            .collect();
        format!(
            "{verb} INTO {} ({}, status, status_event, ledger_seq) VALUES ({}, '{status}', '{event}', {seq});",
            self.name,
            names.join(", "),
            values.join(", ")
        )
    }

    /// The ledger row of a birth.
    #[must_use]
    pub fn birth(&self, by: Spelling, name: &str, status: &str) -> String {
        birth_row(by, self.machine, &self.entity(name), status)
    }

    /// A ledger row behind the entity's last one.
    #[must_use]
    pub fn noted(&self, by: Spelling, name: &str, from: &str, event: &str, to: &str) -> String {
        ledger_row(by, self.machine, &self.entity(name), from, event, to)
    }

    /// The status, written without its ledger row; `seq` is what becomes of the number of ledger rows.
    #[must_use]
    pub fn written(&self, by: Spelling, name: &str, event: &str, to: &str, seq: &str) -> String {
        let mut sets = vec![
            format!("status = '{to}'"),
            format!("status_event = '{event}'"),
            format!("ledger_seq = {seq}"),
        ];
        let dressed = self.dressed(to).into_iter();
        sets.extend(dressed.map(|(column, value)| {
            let value = spelt(by, column, value).replace("{kept}", column);
            format!("{column} = {value}")
        }));
        if !self.always.is_empty() {
            sets.push(self.always.replace("{event}", event).replace("{seq}", seq));
        }
        let sets = sets.join(", ").replace("{n}", &name.to_lowercase());
        format!("UPDATE {} SET {sets} WHERE id = '{}';", self.name, self.entity(name))
    }

    /// A whole move.
    #[must_use]
    pub fn moved(&self, by: Spelling, name: &str, from: &str, event: &str, to: &str) -> String {
        self.noted(by, name, from, event, to) + &self.written(by, name, event, to, "ledger_seq + 1")
    }
}

fn spelt(by: Spelling, column: &str, value: &str) -> String {
    match value.parse::<i64>() {
        Ok(millis) if is_time(column) => (by.time)(millis),
        _ => value.to_owned(),
    }
}

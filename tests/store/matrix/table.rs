//! How a machine's table is written by hand, so that only the law can refuse what is written.

use std::collections::BTreeSet;

use super::super::raw::{birth_row, ledger_row};

/// A machine's table.
pub(super) struct Table {
    pub(super) machine: &'static str,
    pub(super) name: &'static str,
    /// The columns of a new row besides those of its status, as `column = value`, a line each; `{n}` is the entity's
    /// name.
    pub(super) born: &'static str,
    /// The id, of an entity with the name `{n}`.
    pub(super) id: &'static str,
    /// The columns of the key, as the refusal to bear somebody twice names them.
    pub(super) key: &'static str,
    /// What changes the id.
    pub(super) rename: &'static str,
    /// What a status needs, in the form of `born`. A column that only others need is NULL.
    pub(super) dress: &'static [(&'static str, &'static str)],
    /// What each move sets besides; `{event}` is its event, `{seq}` what becomes of the number of ledger rows.
    pub(super) always: &'static str,
    /// What there is of it, where not everything can be in every status.
    pub(super) kinds: &'static [Kind],
}

/// Things of a machine that have the same statuses before them.
pub(super) struct Kind {
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

fn sets(text: &'static str) -> Vec<(&'static str, &'static str)> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| line.split_once(" = ").unwrap())
        .collect()
}

impl Table {
    /// What the machine is called in messages.
    pub(super) fn said(&self) -> String {
        self.machine.replace('_', " ")
    }

    /// The name of the thing that is in a status, of a kind that can also be in the other, if there is one.
    pub(super) fn name_in(&self, status: &str, other: &str) -> String {
        let here = self.kinds.iter().filter(|kind| kind.can_be(status));
        let kind = here.clone().find(|kind| kind.can_be(other)).or(here.clone().next());
        format!("{}{status}", kind.expect("a kind for every status").prefix)
    }

    pub(super) fn entity(&self, name: &str) -> String {
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
    pub(super) fn insert(&self, verb: &str, name: &str, status: &str, event: &str, seq: u32) -> String {
        let columns: Vec<_> = sets(self.born).into_iter().chain(self.dressed(status)).collect();
        let names: Vec<&str> = columns.iter().map(|(column, _)| *column).collect();
        let values: Vec<String> =
            columns.iter().map(|(_, value)| value.replace("{n}", &name.to_lowercase())).collect();
        format!(
            "{verb} INTO {} ({}, status, status_event, ledger_seq) VALUES ({}, '{status}', '{event}', {seq});",
            self.name,
            names.join(", "),
            values.join(", ")
        )
    }

    /// The ledger row of a birth.
    pub(super) fn birth(&self, name: &str, status: &str) -> String {
        birth_row(self.machine, &self.entity(name), status)
    }

    /// A ledger row behind the entity's last one.
    pub(super) fn noted(&self, name: &str, from: &str, event: &str, to: &str) -> String {
        ledger_row(self.machine, &self.entity(name), from, event, to)
    }

    /// The status, written without its ledger row; `seq` is what becomes of the number of ledger rows.
    pub(super) fn written(&self, name: &str, event: &str, to: &str, seq: &str) -> String {
        let mut sets = vec![
            format!("status = '{to}'"),
            format!("status_event = '{event}'"),
            format!("ledger_seq = {seq}"),
        ];
        sets.extend(self.dressed(to).into_iter().map(|(column, value)| format!("{column} = {value}")));
        if !self.always.is_empty() {
            sets.push(self.always.replace("{event}", event).replace("{seq}", seq));
        }
        let sets = sets.join(", ").replace("{n}", &name.to_lowercase());
        format!("UPDATE {} SET {sets} WHERE id = '{}';", self.name, self.entity(name))
    }

    /// A whole move.
    pub(super) fn moved(&self, name: &str, from: &str, event: &str, to: &str) -> String {
        self.noted(name, from, event, to) + &self.written(name, event, to, "ledger_seq + 1")
    }
}

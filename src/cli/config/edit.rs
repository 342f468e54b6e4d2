//! Changes the config file: reads it with every check, changes one thing, and puts it back whole.

use std::path::Path;

use toml::{Table, Value};

use super::{ConfigError, FileConfig, access};

const HEADER: &str = "# Sprintgate's settings. `sprintgate init` and `sprintgate product add` rewrite this file\n\
                      # without comments. It holds an access token: keep its mode at 600.\n\n";

/// Changes the config file by `change`, or makes it; true when it was made.
///
/// # Errors
/// When the file there cannot be read or is not understood (it is left alone then), or cannot be written.
pub(crate) fn edit(path: &Path, change: impl FnOnce(&mut Table)) -> Result<bool, ConfigError> {
    let _held = access::hold(path)?;
    let found = access::read(path)?;
    let text = found.as_deref().unwrap_or_default();
    FileConfig::parse(path, text)?;
    let mut table = text.parse::<Table>().map_err(|error| ConfigError::Syntax {
        path: path.to_owned(),
        line: 1,
        why: error.message().to_owned(),
    })?;
    change(&mut table);
    let body = toml::to_string_pretty(&table).map_err(|_| ConfigError::Strange {
        path: path.to_owned(),
        why: "would hold a value that TOML does not have",
    })?;
    let text = format!("{HEADER}{body}");
    FileConfig::parse(path, &text)?;
    access::write(path, &text, found.is_none())?;
    Ok(found.is_none())
}

/// Notes where clones are, under their names, among the settings of `table`.
pub(crate) fn place(table: &mut Table, names: &[&str], clone: &str) {
    let roots = table.entry("repo_roots").or_insert_with(|| Value::Table(Table::new()));
    if let Value::Table(roots) = roots {
        for name in names {
            roots.insert((*name).to_owned(), Value::String(clone.to_owned()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_at_once_lose_nothing() {
        let dir = tempfile::TempDir::new().unwrap();
        let path = dir.path().join("c.toml");
        std::thread::scope(|scope| {
            for thread in 0..4 {
                let path = &path;
                scope.spawn(move || {
                    for i in 0..10 {
                        edit(path, |table| place(table, &[&format!("r{thread}-{i}")], "/c")).unwrap();
                    }
                });
            }
        });
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(FileConfig::parse(&path, &text).unwrap().repo_roots.len(), 40);
    }
}

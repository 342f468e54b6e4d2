//! Backups.

use std::fs;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use serde_json::json;

use super::raw;
use crate::cli::home::{Home, mode};
use crate::store::postgres::in_postgres::Database;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_is_saved_while_others_write() {
    let home = Home::with_sprint();
    let (path, stop, written) =
        (home.database(), Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let writer = {
        let (stop, written) = (Arc::clone(&stop), Arc::clone(&written));
        tokio::spawn(async move {
            let mut raw = raw::file(&path).await;
            while !stop.load(Ordering::SeqCst) {
                let n = written.fetch_add(1, Ordering::SeqCst);
                sqlx::query("INSERT INTO users (id, username, created_at) VALUES ($1, $1, 1)")
                    .bind(format!("u{n}"))
                    .execute(&mut raw)
                    .await
                    .unwrap();
            }
        })
    };
    while written.load(Ordering::SeqCst) < 2 {
        tokio::task::yield_now().await;
    }
    let before = written.load(Ordering::SeqCst);
    let saved = home.run(&["db", "backup", "saved.db", "--json"]).json();
    let after = written.load(Ordering::SeqCst);
    assert!(after > before, "somebody wrote meanwhile");
    stop.store(true, Ordering::SeqCst);
    writer.await.unwrap();

    let file = home.path().join("saved.db");
    assert_eq!(mode(&file), 0o600);
    assert_eq!(saved["bytes"], json!(fs::metadata(&file).unwrap().len()));
    let left: Vec<_> = fs::read_dir(home.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().starts_with("saved.db.")), "{left:?}");
    let users: i64 = sqlx::query_scalar("SELECT count(*) FROM users")
        .fetch_one(&mut raw::file(&file).await)
        .await
        .unwrap();
    assert!((before..=after + 1).contains(&users.unsigned_abs()), "{before} {users} {after}");

    // it is a database like any other
    home.run(&["db", "check", "--database", "saved.db"]).ok();
    home.run(&["audit", "verify", "--database", "saved.db"]).ok();
    let jobs = |database: &str| home.run(&["job", "list", "--json", "--database", database]).json();
    assert_eq!(jobs("saved.db"), jobs(home.database().to_str().unwrap()));
}

#[test]
fn nothing_is_written_over() {
    let home = Home::ready();
    let file = home.path().join("notes.txt");
    fs::write(&file, "mine").unwrap();
    home.run(&["db", "backup", "notes.txt"]).refused(1, "IO");
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
    home.run(&["db", "backup", "no/such/folder/saved.db"]).refused(1, "IO");
    assert!(!home.path().join("notes.txt.part").exists());
    home.run(&["db", "backup", "saved.db"]).ok();
    home.run(&["db", "backup", "saved.db"]).refused(1, "IO");
    home.run(&["db", "backup", "else.db", "--database", "none.db"]).refused(3, "NOT_INITIALISED");
    assert!(!home.path().join("else.db").exists());
    // An unfinished copy of `live` is called `live.part`.
    home.run(&["db", "backup", "live.part"]).ok();
    home.run(&["db", "backup", "live", "--database", "live.part"]).refused(1, "IO");
    home.run(&["db", "check", "--database", "live.part"]).ok();
    assert!(!home.path().join("live").exists());
}

#[tokio::test]
async fn a_broken_file_is_not_saved() {
    let home = Home::with_sprint();
    raw::say(&home.database(), "PRAGMA wal_checkpoint(TRUNCATE)").await;
    let mut bytes = fs::read(home.database()).unwrap();
    let half = bytes.len() / 2;
    bytes.iter_mut().skip(8 * 4096).take(half).for_each(|byte| *byte = 0xaa);
    fs::write(home.database(), bytes).unwrap();
    let refused = home.run(&["db", "backup", "saved.db"]);
    refused.refused(4, "DATABASE_FAILED");
    assert!(!home.path().join("saved.db").exists() && !home.path().join("saved.db.part").exists());
}

/// A program of the newest PostgreSQL of this machine, which is the one that the tests' server is of.
fn tool(words: &str) -> Command {
    let mut command = Command::new("bash");
    let script = format!("PATH=\"$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1):$PATH\"; {words}");
    command.args(["-c", &script]);
    command
}

#[tokio::test]
async fn a_server_is_saved_by_its_own_tool() {
    let (database, empty) = (Database::empty().await, Database::empty().await);
    let home = Home::at(&format!("{}&password=secret", database.url())).and_product().and_sprint();
    let refused = home.run(&["db", "backup", "my file.dump"]);
    refused.refused(1, "USE_PG_DUMP");
    for words in
        ["pg_dump --format=custom --file='my file.dump' --host=", "--username=postgres", "PGPASSFILE"]
    {
        assert!(refused.stderr.contains(words), "{words}\n{}", refused.stderr);
    }
    assert!(!refused.stderr.contains("secret") && !home.path().join("my file.dump").exists());

    // the command that was told makes a copy that can be restored
    let told = refused.stderr.lines().find_map(|line| line.strip_prefix("hint: ")).unwrap();
    assert!(tool(told).current_dir(home.path()).status().unwrap().success(), "{told}");
    let last = home.run(&["audit", "checkpoint", "--json"]).json()["last"]["hash"].clone();
    let restore = format!(
        "pg_restore --exit-on-error --single-transaction --no-owner --dbname='{}' 'my file.dump'",
        empty.url()
    );
    assert!(tool(&restore).current_dir(home.path()).status().unwrap().success(), "{restore}");
    let on = |args: &[&str]| home.run(&[args, &["--database", empty.url()]].concat());
    on(&["db", "check"]).ok();
    on(&["audit", "verify"]).ok();
    assert_eq!(on(&["job", "list", "--json"]).json(), home.run(&["job", "list", "--json"]).json());
    // the checkpoint came after the dump: whoever asks for it is told
    let asked = on(&["audit", "verify", "--expect", last.as_str().unwrap()]);
    assert!(asked.status == 1 && asked.stdout.contains("cut off"), "{}", asked.stdout);
    // a CHECK reads otherwise after a dump, and is named when it says something else
    for (one, other) in [("64000", "64001"), ("AND", "OR"), ("length", "octet_length")] {
        let weaker = format!(
            "DO $$ BEGIN EXECUTE (SELECT 'ALTER TABLE ideas DROP CONSTRAINT texts_are_short, ADD CONSTRAINT \
             texts_are_short ' || regexp_replace(pg_get_constraintdef(oid), '{one}', '{other}') \
             FROM pg_constraint WHERE conname = 'texts_are_short' AND conrelid = 'ideas'::regclass); END $$"
        );
        raw::tell(empty.url(), &weaker).await;
        let checked = on(&["db", "check"]);
        assert_eq!(checked.status, 1, "{other}: {}", checked.stdout);
        let named = "constraint ideas.texts_are_short: it is not as the migrations make it";
        assert!(checked.stdout.contains(named), "{other}: {}", checked.stdout);
    }
}

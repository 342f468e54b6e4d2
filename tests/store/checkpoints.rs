//! Checkpoints of the ledger: each binds the rows behind the one before it, and is never changed.

use sprintgate::store::{Checkpoint, GENESIS, Seal, Store, checkpoint_hash, digest};

use super::ctx::Ctx;
use super::database::REPLACES;
use super::raw::{attempt, connect};

async fn add(ctx: &Ctx, limit: u32) -> Option<Checkpoint> {
    let mut tx = ctx.store.begin().await.unwrap();
    let made = tx.add_checkpoint(limit).await.unwrap();
    tx.commit().await.unwrap();
    made
}

#[tokio::test]
async fn each_binds_the_rows_behind_the_one_before_it() {
    let ctx = Ctx::new().await;
    let mut tx = ctx.store.read().await.unwrap();
    let there = tx.ledger_after(0, 1000).await.unwrap();
    let waiting = tx.unbound().await.unwrap();
    assert_eq!(waiting.map(|unbound| unbound.rows), (!there.is_empty()).then_some(there.len() as u64));
    drop(tx);
    ctx.job("a").await;
    ctx.job("b").await;
    ctx.pass(5);
    ctx.job("c").await;

    let mut tx = ctx.store.read().await.unwrap();
    let rows = tx.ledger_after(0, 1000).await.unwrap();
    let unbound = tx.unbound().await.unwrap().unwrap();
    assert_eq!((unbound.rows, unbound.since), (rows.len() as u64, rows[0].at));
    drop(tx);
    let first = add(&ctx, 2).await.unwrap();
    let second = add(&ctx, 1000).await.unwrap();
    assert_eq!(add(&ctx, 1000).await, None);

    let lines =
        |rows: &[_]| rows.iter().map(|row: &Seal| format!("{}:{}\n", row.seq, row.hash)).collect::<String>();
    let mut tx = ctx.store.read().await.unwrap();
    let seals = tx.seals(0, i64::MAX, 1000).await.unwrap();
    assert_eq!(seals.len(), rows.len());
    assert_eq!(tx.seals(1, 3, 1000).await.unwrap(), seals[1..3]);
    assert_eq!(tx.seals(0, i64::MAX, 1).await.unwrap(), seals[..1]);
    for (checkpoint, number, bound, before) in
        [(&first, 1, &seals[..2], GENESIS), (&second, 2, &seals[2..], first.hash.as_str())]
    {
        assert_eq!((checkpoint.number, checkpoint.rows), (number, bound.len() as i64));
        assert_eq!(checkpoint.upto_seq, bound.last().unwrap().seq);
        assert_eq!(checkpoint.root, digest(lines(bound).as_bytes()));
        assert_eq!(checkpoint.marks, bound.iter().map(|row| &row.hash[..8]).collect::<String>());
        assert_eq!((checkpoint.prev_hash.as_str(), checkpoint.at), (before, ctx.now()));
        assert_eq!(checkpoint.hash, checkpoint_hash(checkpoint));
    }
    let all = [first.clone(), second.clone()];
    assert_eq!(tx.checkpoints(0, 10).await.unwrap(), all);
    assert_eq!(tx.checkpoints(0, 1).await.unwrap(), all[..1]);
    assert_eq!(tx.checkpoints(1, 10).await.unwrap(), all[1..]);
    assert_eq!(tx.last_checkpoint().await.unwrap(), Some(second));
    assert_eq!(tx.unbound().await.unwrap(), None);
}

/// Nothing can be put elsewhere in a checkpoint without another hash.
#[test]
fn a_hash_binds_every_member() {
    let rows = |numbers: &[i64]| -> Vec<Seal> {
        numbers.iter().map(|n| Seal { seq: *n, hash: digest(&n.to_be_bytes()) }).collect()
    };
    let at = sprintgate::domain::time::Timestamp(-12);
    let one = Checkpoint::over(None, at, &rows(&[i64::MIN, 10])).unwrap();
    let text =
        format!("{}:{}\n10:{}\n", i64::MIN, digest(&i64::MIN.to_be_bytes()), digest(&10_i64.to_be_bytes()));
    assert_eq!(one.root, digest(text.as_bytes()));
    let fields = format!("64:{GENESIS}\n1:1\n3:-12\n2:10\n1:2\n64:{}\n16:{}\n", one.root, one.marks);
    assert_eq!(one.hash, digest(fields.as_bytes()));
    assert_eq!(Checkpoint::over(Some(&one), at, &[]), None);
    let two = Checkpoint::over(Some(&one), at, &rows(&[11])).unwrap();
    assert_eq!((two.number, &two.prev_hash), (2, &one.hash));
}

#[tokio::test]
async fn a_checkpoint_is_never_changed_and_follows_the_one_before_it() {
    let ctx = Ctx::new().await;
    ctx.job("a").await;
    ctx.job("b").await;
    add(&ctx, 2).await.unwrap();
    let mut raw = connect(&ctx).await;
    let verb = if REPLACES { "INSERT OR REPLACE" } else { "INSERT" };
    let insert = |number: &str, upto: &str, rows: &str, marks: &str, prev: &str, hash: &str| {
        format!(
            "{verb} INTO ledger_checkpoints (number, at, upto_seq, row_count, root, marks, prev_hash, hash) \
             SELECT {number}, 1, {upto}, {rows}, root, {marks}, {prev}, {hash} FROM ledger_checkpoints WHERE number = 1"
        )
    };
    let last = "(SELECT max(seq) FROM ledger)";
    for (sql, said) in [
        (
            "UPDATE ledger_checkpoints SET at = 2".to_owned(),
            "ledger_checkpoints: a checkpoint is never changed",
        ),
        ("DELETE FROM ledger_checkpoints".to_owned(), "ledger_checkpoints: a checkpoint is never deleted"),
        (
            insert("1", last, "1", "'12345678'", "prev_hash", "hash"),
            "duplicate key: ledger_checkpoints.number",
        ),
        (
            insert("3", last, "1", "'12345678'", "hash", "hash"),
            "ledger_checkpoints: a checkpoint follows the one before it",
        ),
        (
            insert("2", last, "1", "'12345678'", "prev_hash", "hash"),
            "ledger_checkpoints: a checkpoint follows the one before it",
        ),
        (
            insert("2", "upto_seq", "1", "'12345678'", "hash", "hash"),
            "ledger_checkpoints: a checkpoint follows the one before it",
        ),
        (
            insert("2", "1000000", "1", "'12345678'", "hash", "hash"),
            "ledger_checkpoints: a checkpoint ends with a row of the ledger",
        ),
        (
            insert("2", last, "2", "'12345678'", "hash", "hash"),
            "CHECK constraint failed: each_row_has_its_mark",
        ),
        (insert("2", last, "0", "''", "hash", "hash"), "CHECK constraint failed: each_row_has_its_mark"),
        (
            insert("2", last, "1", "'12345678'", "hash", "'abc'"),
            "CHECK constraint failed: checkpoint_hashes_are_sha256",
        ),
    ] {
        assert_eq!(attempt(&mut raw, &sql).await, Err(said.to_owned()), "{sql}");
    }
    assert_eq!(attempt(&mut raw, &insert("2", last, "1", "'12345678'", "hash", "hash")).await, Ok(()));
}

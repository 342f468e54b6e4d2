//! The outbox against the ledger and the law: what was written is what the clauses announce.

use sprintgate::domain::event::kind;
use sprintgate::domain::law::machines;
use sprintgate::domain::machine::Edge;
use sqlx::{AssertSqlSafe, Row};

use super::super::database::{Connection, LEDGER_ORDER, millis};

type Line = (String, String, i64, Option<String>, String, String, i64);

async fn lines(raw: &mut Connection, table: &str) -> Vec<Line> {
    let at = millis("at");
    let sql = format!(
        "SELECT machine, entity, entity_seq, from_status, event, to_status, {at} FROM {table} \
         WHERE event <> 'heartbeat' ORDER BY {LEDGER_ORDER}"
    );
    sqlx::query_as(AssertSqlSafe(sql)).fetch_all(raw).await.unwrap()
}

/// Each row of the ledger has its event, in its order; each event has the type that its clause announces, and somebody
/// whom it concerns. How many there are.
pub(crate) async fn follows_the_ledger(raw: &mut Connection) -> usize {
    let ledger = lines(raw, "ledger").await;
    let outbox = lines(raw, "outbox").await;
    for (entry, event) in ledger.iter().zip(&outbox) {
        assert_eq!(entry, event);
    }
    assert_eq!(ledger.len(), outbox.len());

    let law = machines();
    for row in sqlx::query("SELECT * FROM outbox").fetch_all(raw).await.unwrap() {
        let (machine, on, to): (&str, &str, &str) =
            (row.get("machine"), row.get("event"), row.get("to_status"));
        let told: &str = row.get("type");
        assert_eq!(told, kind(machine, on, to));
        let concerned: (Option<&str>, Option<&str>) = (row.get("user_id"), row.get("product_id"));
        assert_ne!(concerned, (None, None), "{machine} {on} {to}");
        let from: Option<&str> = row.get("from_status");
        let machine = law.iter().find(|it| it.name == machine).unwrap();
        let taken = |edge: &&Edge| (Some(edge.from), edge.event, edge.to) == (from, on, to);
        if let Some(edge) = machine.edges.iter().find(taken) {
            let announced = machine.clause(edge).unwrap().emits.split(", and ").next().unwrap();
            let mut words = announced.split(' ');
            assert_eq!(words.next(), Some(told), "{edge}");
            assert!(words.next().is_none_or(|status| status == to.to_lowercase()), "{edge}: {announced}");
        } else {
            assert!(["create", "heartbeat"].contains(&on), "{} {from:?} {on} {to}", machine.name);
        }
    }
    outbox.len()
}

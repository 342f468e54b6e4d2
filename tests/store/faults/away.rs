//! A server that is gone: every connection at once, and for longer than anybody waits.

use sprintgate::domain::id::WorkerId;
use sprintgate::flow::Session;
use tokio::task::JoinSet;

use super::house::House;

/// As many as there are connections.
const CALLS: usize = 10;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_call_hears_of_connections_that_died_while_they_were_idle() {
    let house = House::new().await;
    let mut raw = house.raw().await;
    for _ in 0..3 {
        let mut calls = JoinSet::new();
        for _ in 0..CALLS {
            let (app, token) = (house.world.app.clone(), house.world.token.clone());
            calls.spawn(async move {
                let session = Session::person(Some(&token), WorkerId::new("desk").unwrap());
                app.list_products(&session).await.map(|products| products.result.len())
            });
        }
        for said in calls.join_all().await {
            assert_eq!(said.unwrap(), 1);
        }
        let hang_up = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
            WHERE datname = current_database() AND application_name = 'sprintgate'";
        let ended: i64 = sqlx::query_scalar(hang_up).fetch_one(&mut raw).await.unwrap();
        assert!(ended > 1, "{ended}");
        house.world.app.create_pbi(&house.world.person, house.ask().await).await.unwrap();
    }
    assert_eq!(house.done().await, 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_stays_away_is_named_and_taken_again_when_it_is_back() {
    let house = House::new().await;
    let ask = house.ask().await;
    house.proxy.close();
    let (app, person) = (house.with_lease(3), &house.world.person);
    let error = app.create_pbi(person, ask.clone()).await.unwrap_err().to_json();
    assert_eq!(
        (&error["code"], &error["retry"]),
        (&"DATABASE_UNAVAILABLE".into(), &"later".into()),
        "{error}"
    );
    house.proxy.open();
    app.create_pbi(person, ask).await.unwrap();
    assert_eq!(house.done().await, 1);
    house.sound().await;
}

//! A runner whose database is away for longer than any call waits.

use std::fs;
use std::time::Duration;

use serde_json::json;

use super::cluster::{Cluster, End};
use crate::crash::agents::{Runner, WORKER};
use crate::crash::shop::{Shop, until};

const SOON: Duration = Duration::from_secs(90);

#[test]
fn a_runner_goes_on_by_itself_when_the_database_is_back() {
    let mut cluster = Cluster::new();
    let shop = Shop::at(&cluster.url(), 1, 45);
    let home = shop.root();
    // The first agent ends without a word once it may, the second one works.
    let waits =
        "if mkdir $HOME/first 2>/dev/null; then until [ -e $HOME/go ]; do sleep 0.05; done; exit 0; fi";
    let agent = format!("{waits}; {}", WORKER.replace("PROGRAM", env!("CARGO_BIN_EXE_sprintgate")));
    let mut runner = Runner::start(&shop, "state", &agent);
    until(SOON, "an agent", || home.join("first").exists().then_some(()));
    cluster.stop(End::Fast);
    fs::write(home.join("go"), "").unwrap();
    until(SOON, "a job that cannot be given back", || {
        let log = fs::read_to_string(home.join("runner.log")).unwrap();
        log.contains("cannot be given back yet").then_some(())
    });
    cluster.start();
    until(SOON, "the end of the job", || (!shop.jobs()[0]["finished_at"].is_null()).then_some(()));
    let shown = shop.show(&shop.jobs()[0]);
    let ends: Vec<_> =
        shown["attempts"].as_array().unwrap().iter().map(|attempt| &attempt["status"]).collect();
    assert_eq!(
        (&shown["job"]["status"], ends),
        (&json!("DONE"), vec![&json!("GIVEN_BACK"), &json!("FINISHED")])
    );
    assert!(runner.lives());
    shop.sound();
}

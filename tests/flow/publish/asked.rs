//! What a product asks for, changed while its run goes on.

use sprintgate::domain::forge::ForgeKind;
use sprintgate::domain::id::WorkerId;
use sprintgate::flow::{AddProduct, Session, SetProduct};

use super::super::forged::Forged;
use super::super::world::code;

const TWO: &[&[(&str, &str, &str)]] = &[&[("one", "- `src/a.rs`", "ANY"), ("two", "- `src/b.rs`", "ANY")]];

fn set(auto_pr: bool) -> SetProduct {
    SetProduct { product: "shop".into(), auto_pr: Some(auto_pr), ..SetProduct::default() }
}

#[tokio::test]
async fn branches_of_the_run_get_their_pull_requests_when_they_are_asked_for_later() {
    let world = Forged::quiet(ForgeKind::GitHub, AddProduct::default()).await;
    world.checks_run();
    world.begin(TWO).await;
    world.carry("src/a.rs").await;
    assert_eq!(
        (world.publications().await, world.waiting().await),
        (vec!["BRANCH_PUSHED".to_owned()], vec![])
    );
    let after = world.app.set_product(&world.person, set(true)).await.unwrap();
    assert!(after.auto_pr && !after.push_salvage && after.pr_strategy == "STORY", "{after:?}");
    assert_eq!(world.waiting().await, ["open_pr"]);
    world.app.set_product(&world.person, set(true)).await.unwrap();
    assert_eq!(world.perform().await.done, 1, "once");
    assert_eq!(world.publications().await, ["PR_OPENED 1"]);

    world.app.set_product(&world.person, set(false)).await.unwrap();
    world.carry("src/b.rs").await;
    assert_eq!(world.publications().await, ["PR_OPENED 1"], "nobody asks to have it merged any more");
    world.app.set_product(&world.person, set(true)).await.unwrap();
    assert_eq!(world.publications().await, ["WAITING_FOR_CHECKS 1"]);
    world.sound().await;
}

#[tokio::test]
async fn what_is_not_named_stays_and_strangers_change_nothing() {
    let world =
        Forged::with(ForgeKind::Forgejo, AddProduct { push_salvage: true, ..AddProduct::default() }).await;
    let before = world.app.list_products(&world.person).await.unwrap().result.remove(0);
    let nothing = SetProduct { product: before.id.clone(), ..SetProduct::default() };
    assert_eq!(code(world.app.set_product(&world.person, nothing).await), "VALIDATION_ERROR");
    let odd =
        SetProduct { product: before.id.clone(), pr_strategy: Some("both".into()), ..SetProduct::default() };
    assert_eq!(code(world.app.set_product(&world.person, odd).await), "VALIDATION_ERROR");
    let (_, bob) = world.app.enrol("bob", "test").await.unwrap();
    let bob = Session::person(Some(&bob), WorkerId::new("w9").unwrap());
    let theirs = SetProduct { product: before.id.clone(), ..set(false) };
    assert_eq!(code(world.app.set_product(&bob, theirs).await), "NOT_FOUND");
    assert_eq!(world.app.list_products(&world.person).await.unwrap().result.first(), Some(&before));

    let ask = SetProduct {
        product: before.name.clone(),
        pr_strategy: Some("sprint".into()),
        definition_of_done: Some("The tests pass.".into()),
        ..SetProduct::default()
    };
    let after = world.app.set_product(&world.person, ask).await.unwrap();
    assert_eq!(
        (after.pr_strategy.as_str(), after.definition_of_done.as_str()),
        ("SPRINT", "The tests pass.")
    );
    assert!(after.auto_pr && after.push_salvage, "{after:?}");
    assert_eq!(world.app.list_products(&world.person).await.unwrap().result.first(), Some(&after));
}

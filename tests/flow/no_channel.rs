//! A database that has no channel on which others are told.

use tokio_util::sync::CancellationToken;

use super::world::World;

#[tokio::test]
async fn without_a_channel_nothing_is_kept_for_it() {
    let world = World::new().await;
    let gone = CancellationToken::new();
    let relay = world.app.relay_events("channel", &gone);
    let (done, ()) = tokio::join!(relay, async {
        world.begin(&[&[("one", "- `src/a.rs`", "ANY")]]).await;
        gone.cancel();
    });
    done.unwrap();
    assert!(world.app.event_consumers().await.unwrap().result.is_empty());
}

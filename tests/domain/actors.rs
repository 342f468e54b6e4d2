//! Who fires an event, as the ledger keeps it.

use sprintgate::domain::actor::{Actor, ActorKind};
use sprintgate::domain::id::{TokenId, UserId};

#[test]
fn an_actor_is_known_by_kind_and_id() {
    let ann = UserId::new("ann").unwrap();
    let rows = [
        (Actor::Human(ann.clone()), ActorKind::Human, Some(&ann), "ann"),
        (Actor::Agent(TokenId::new("t-1").unwrap()), ActorKind::Agent, None, "t-1"),
        (Actor::System, ActorKind::System, None, ""),
    ];
    for (actor, kind, person, id) in rows {
        assert_eq!((actor.kind(), actor.person(), actor.id()), (kind, person, id));
    }
}

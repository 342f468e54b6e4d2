//! Two thousand effects and what is told of them: a few at a time, none lost, none twice. `benches/backlog` does it with
//! ten thousand.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use serde_json::json;
use sprintgate::domain::effect::Kind;
use sprintgate::flow::{EffectRecord, Handler, Handlers, Outcome};
use sprintgate::store::*;

use super::super::ctx::Ctx;
use super::super::database::settled;
use super::{App, Log, effect, process};

const EFFECTS: usize = 2000;
const AT_ONCE: usize = 6;

struct Crowd {
    log: Log,
    at_work: AtomicUsize,
    most: Arc<AtomicUsize>,
}

#[async_trait]
impl Handler for Crowd {
    fn kind(&self) -> Kind {
        Kind::OpenPr
    }
    async fn perform(&self, effect: &EffectRecord) -> Outcome {
        self.most.fetch_max(self.at_work.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        self.log.note(effect);
        tokio::task::yield_now().await;
        self.at_work.fetch_sub(1, Ordering::SeqCst);
        Outcome::Done(json!({}))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_thousand_effects_are_done_a_few_at_a_time_each_once() {
    let ctx = Ctx::new().await;
    let apps = [App::new(&ctx).await, App::new(&ctx).await];
    ctx.add_effects((0..EFFECTS).map(|number| effect(&ctx, &format!("e{number:05}"), Kind::OpenPr))).await;
    let (log, most) = (Log::default(), Arc::new(AtomicUsize::new(0)));
    let handlers = |name: &str| {
        let crowd = Crowd { log: log.clone(), at_work: AtomicUsize::new(0), most: most.clone() };
        Handlers::new(process(name)).with(crowd).at_once(AT_ONCE)
    };
    let (one, other) = (handlers("one"), handlers("other"));
    let (first, second) = tokio::join!(apps[0].run(&one), apps[1].run(&other));
    assert_eq!((first.done + second.done) as usize, EFFECTS, "{first:?} {second:?}");
    assert_eq!((first.tries() + second.tries()) as usize, EFFECTS, "{first:?} {second:?}");
    let times = log.times();
    assert!(times.len() == EFFECTS && times.values().all(|times| *times == 1));
    assert!(most.load(Ordering::SeqCst) <= AT_ONCE);
    assert_eq!(ctx.store.read().await.unwrap().count_effects(None).await.unwrap(), []);

    // Each was told three times, in its order.
    settled(&ctx).await;
    let mut reader = apps[0].app.consume_events("mail", false).await.unwrap();
    let mut told = std::collections::BTreeMap::<String, Vec<String>>::new();
    loop {
        let page = reader.page().await.unwrap();
        if page.is_empty() {
            break;
        }
        for event in page.into_iter().filter(|event| event.machine == "effect") {
            told.entry(event.entity).or_default().push(event.to);
        }
        reader.handled().await.unwrap();
    }
    assert_eq!(told.len(), EFFECTS);
    assert!(told.values().all(|to| *to == ["PENDING", "RUNNING", "DONE"]), "{told:?}");
}

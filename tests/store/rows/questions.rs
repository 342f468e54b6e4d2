//! Questions.

use sprintgate::domain::actor::Actor;
use sprintgate::domain::question::{self, Asked, Options, Purpose, Question};
use sprintgate::store::{About, Change, NewQuestion, StoreError};

use super::super::ctx::{Ctx, id, stamp};
use super::super::outbox::all_is_told;
use super::moved::{NOW, begin};

fn asked(name: &str, about: About, options: &[&str]) -> NewQuestion {
    let options = Options::new(options.iter().map(ToString::to_string).collect()).unwrap();
    let purpose = if matches!(about, About::Run(_)) { Purpose::MergeConflict } else { Purpose::Work };
    let question =
        Question { id: id(name), asked: Asked::at(NOW, id("u"), options, purpose), state: question::Open };
    NewQuestion { question, product: id("p"), about, text: "which of them?".into() }
}

#[tokio::test]
async fn questions() {
    let ctx = Ctx::new().await;
    ctx.job("j").await;
    ctx.run("r").await;
    let mut tx = begin(&ctx).await;
    let story = About::Story { story: id("st"), task: Some(id("j")) };
    let all = [
        asked("q1", story, &["red", "blue"]),
        asked("q2", About::Run(id("r")), &[]),
        asked("q3", About::Story { story: id("st"), task: None }, &[]),
    ];
    for new in &all {
        tx.add_question(new, &stamp()).await.unwrap();
        let read = tx.question(&new.question.id).await.unwrap().unwrap();
        assert_eq!((&read.row, &read.about), (&new.question.clone().into(), &new.about));
        assert_eq!((read.product, read.text, read.created_at), (id("p"), "which of them?".into(), ctx.now()));
    }
    let [one, two, three] = all.map(|new| new.question);
    let steps: [question::Change; 3] = [
        one.answer(&Actor::Human(id("u")), "red", NOW).unwrap().into(),
        two.close().into(),
        three.cancel(&id("u")).unwrap().into(),
    ];
    for change in steps {
        let row = change.row().clone();
        tx.apply(Change::Question(change), &stamp()).await.unwrap();
        assert_eq!(tx.question(&row.id).await.unwrap().unwrap().row, row);
        assert_eq!(question::AnyQuestion::try_from(row.clone()).unwrap().status(), row.status);
    }
    tx.commit().await.unwrap();
    all_is_told(&ctx).await;
    let mut tx = begin(&ctx).await;
    // The run may wait for another answer now, and for one at a time.
    tx.add_question(&asked("q4", About::Run(id("r")), &[]), &stamp()).await.unwrap();
    let error = tx.add_question(&asked("q5", About::Run(id("r")), &[]), &stamp()).await.unwrap_err();
    let key_of = "claude_questions.sprint_run_id";
    assert!(matches!(&error, StoreError::Duplicate { key } if key == key_of), "{error}");
}

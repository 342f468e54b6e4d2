//! What is too long, too high or unknown is refused, by the name of the rule that it breaks.

use std::sync::Arc;

use super::ground::{Ground, id, pbi, product, run, sprint, stamp, story, task, token};
use super::{Bench, Failed, Scale, Seen};
use crate::store::{
    Answered, NewIdea, NewPbi, NewProduct, NewSprint, NewStory, NewTask, NewUser, Place, StoreError,
};

/// Tries each length and range through the store.
pub(super) async fn kept(bench: Arc<dyn Bench>, _: Scale) -> Result<Seen, Failed> {
    let ground = Ground::new(bench).await?;
    let mut tried = Tried { ground, refused: 0, taken: 0 };
    tried.names().await?;
    tried.titles().await?;
    tried.codes().await?;
    tried.ranges().await?;
    tried.others().await?;
    Ok(Seen::new()
        .and(tried.taken, "values taken at their limit")
        .and(tried.refused, "refused by name beyond it"))
}

struct Tried {
    ground: Ground,
    refused: usize,
    taken: usize,
}

/// Writes in a transaction that is undone.
macro_rules! tries {
    ($tried:ident, $what:literal, $rule:expr, |$tx:ident| $write:expr) => {{
        let mut $tx = $tried.ground.store.begin().await?;
        let said = $write.await.map(drop);
        drop($tx);
        $tried.judge($what, $rule, said)?;
    }};
}

type Done = Result<(), StoreError>;

fn idea() -> Result<NewIdea, Failed> {
    Ok(NewIdea {
        id: id("n")?,
        user: id("u")?,
        product: Some(id("p")?),
        code: "IDEA-1".to_owned(),
        title: "a title".to_owned(),
        description: None,
    })
}

fn long(length: usize) -> String {
    "x".repeat(length)
}

impl Tried {
    /// `rule` is who refuses; nobody when it fits.
    fn judge(&mut self, what: &str, rule: Option<&str>, said: Done) -> Result<(), Failed> {
        match (said, rule) {
            (Ok(()), None) => self.taken += 1,
            (Err(StoreError::Refused { rule }), Some(expected)) if rule == expected => self.refused += 1,
            (said, expected) => {
                let expected =
                    expected.map_or("that it fits".to_owned(), |rule| format!("a refusal by {rule}"));
                return Err(Failed::otherwise(what, expected, format!("{said:?}")));
            }
        }
        Ok(())
    }

    async fn names(&mut self) -> Result<(), Failed> {
        for (length, rule) in [(100, None), (101, Some("username_has_text")), (0, Some("username_has_text"))]
        {
            let user = NewUser { id: id("n")?, username: long(length), is_demo: false };
            tries!(self, "a user's name", rule, |tx| tx.add_user(&user));
        }
        for (length, rule) in
            [(200, None), (201, Some("product_name_has_text")), (0, Some("product_name_has_text"))]
        {
            let new = NewProduct { name: long(length), ..product("n", "u")? };
            tries!(self, "a product's name", rule, |tx| tx.add_product(&new));
        }
        for (length, rule) in [(64, None), (65, Some("name_is_short")), (0, Some("name_is_short"))] {
            let name = long(length);
            tries!(self, "a consumer's name", rule, |tx| tx.add_consumer(&name, Place::START));
        }
        Ok(())
    }

    async fn titles(&mut self) -> Result<(), Failed> {
        for (length, rule) in [(200, None), (201, Some("title_is_short")), (0, Some("title_is_short"))] {
            let title = long(length);
            let new = NewPbi { title: title.clone(), ..pbi("n")? };
            tries!(self, "an item's title", rule, |tx| tx.add_pbi(&new, &stamp()));
            let new = NewStory { title: title.clone(), ..story("n")? };
            tries!(self, "a story's title", rule, |tx| tx.add_story(&new, &stamp()));
            let new = NewTask { title: title.clone(), ..task("n")? };
            tries!(self, "a task's title", rule, |tx| tx.add_task(&new, &stamp()));
            let new = NewIdea { title, ..idea()? };
            tries!(self, "an idea's title", rule, |tx| tx.add_idea(&new, &stamp()));
        }
        for (length, rule) in [(4000, None), (4001, Some("description_is_short"))] {
            let new = NewIdea { description: Some(long(length)), ..idea()? };
            tries!(self, "an idea's description", rule, |tx| tx.add_idea(&new, &stamp()));
        }
        Ok(())
    }

    async fn codes(&mut self) -> Result<(), Failed> {
        for (length, rule) in [(30, None), (31, Some("code_is_short")), (0, Some("code_is_short"))] {
            let code = long(length);
            let new = NewPbi { code: code.clone(), ..pbi("n")? };
            tries!(self, "an item's code", rule, |tx| tx.add_pbi(&new, &stamp()));
            let new = NewSprint { code: code.clone(), ..sprint("n")? };
            tries!(self, "a sprint's code", rule, |tx| tx.add_sprint(&new, &stamp()));
            let new = NewStory { code: code.clone(), ..story("n")? };
            tries!(self, "a story's code", rule, |tx| tx.add_story(&new, &stamp()));
            let new = NewTask { code: code.clone(), ..task("n")? };
            tries!(self, "a task's code", rule, |tx| tx.add_task(&new, &stamp()));
            let rule = rule.map(|_| "product_code_is_short");
            let new = NewProduct { code: Some(code), ..product("n", "u")? };
            tries!(self, "a product's code", rule, |tx| tx.add_product(&new));
        }
        Ok(())
    }

    async fn ranges(&mut self) -> Result<(), Failed> {
        for (priority, rule) in
            [(1, None), (4, None), (0, Some("priority_in_range")), (5, Some("priority_in_range"))]
        {
            let new = NewPbi { priority, ..pbi("n")? };
            tries!(self, "an item's priority", rule, |tx| tx.add_pbi(&new, &stamp()));
            let new = NewStory { priority, ..story("n")? };
            tries!(self, "a story's priority", rule, |tx| tx.add_story(&new, &stamp()));
            let new = NewTask { priority, ..task("n")? };
            tries!(self, "a task's priority", rule, |tx| tx.add_task(&new, &stamp()));
        }
        Ok(())
    }

    async fn others(&mut self) -> Result<(), Failed> {
        let answer = Answered { digest: "d".to_owned(), response: "{}".to_owned() };
        for (length, rule) in
            [(200, None), (201, Some("request_id_is_short")), (0, Some("request_id_is_short"))]
        {
            let (request, holder) = (long(length), id("t")?);
            tries!(self, "a request's id", rule, |tx| tx.keep_answer(&holder, &request, &answer));
        }
        let scoped = crate::store::NewToken { scope: Some((id("j")?, 1)), ..token("n", "u")? };
        let rule = Some("attempt_token_iff_scoped");
        tries!(self, "a token of an attempt", rule, |tx| tx.add_token(&scoped));
        let itself = crate::store::NewRun { previous: Some(id("n")?), ..run("n", "s")? };
        let rule = Some("previous_run_is_another");
        tries!(self, "a run after itself", rule, |tx| tx.add_run(&itself, &stamp()));
        Ok(())
    }
}

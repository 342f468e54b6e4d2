//! The plan document: each rule at its bound, and where a breach is said to be.

use sprintgate::domain::plan_doc::{Breach, PlanDoc, PlanStory, read};

use super::ideas::{doc, document, titled};

/// Where the plan breaks a rule, and which.
fn breaches(spoil: impl FnOnce(&mut PlanDoc)) -> Vec<String> {
    let mut doc = doc();
    spoil(&mut doc);
    doc.breaches().iter().map(ToString::to_string).collect()
}

/// `count` stories without tasks.
fn stories(count: usize) -> Vec<PlanStory> {
    vec![PlanStory { tasks: vec![], ..doc().stories.remove(0) }; count]
}

#[test]
fn a_plan_within_its_bounds_breaks_no_rule() {
    let long = |count| Some("ä".repeat(count));
    let found = breaches(|doc| {
        doc.pbi.title = "ä".repeat(200);
        doc.pbi.description = Some("one\r\n\ttwo".into());
        doc.pbi.priority = 4;
        let story = &mut doc.stories[0];
        (story.description, story.acceptance_criteria) = (long(4000), long(4000));
        story.tasks[0].implementation_plan = long(8000);
    });
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn a_breach_says_where_it_is() {
    type Spoil = fn(&mut PlanDoc);
    let rows: &[(Spoil, &str)] = &[
        (|doc| doc.pbi.title = " \t ".into(), "pbi.title: is empty"),
        (|doc| doc.pbi.title = "ä".repeat(201), "pbi.title: has 201 characters, and at most 200 fit"),
        (|doc| doc.pbi.title = "a\0b".into(), "pbi.title: contains a control character"),
        (|doc| doc.pbi.priority = 0, "pbi.priority: is 0, and has to be 1 to 4"),
        (|doc| doc.pbi.priority = 5, "pbi.priority: is 5, and has to be 1 to 4"),
        (|doc| doc.stories.clear(), "stories: needs at least one"),
        (
            |doc| doc.stories[0].description = Some("x".repeat(4001)),
            "stories[0].description: has 4001 characters, and at most 4000 fit",
        ),
        (
            |doc| doc.stories[0].acceptance_criteria = Some("x".repeat(4001)),
            "stories[0].acceptance_criteria: has 4001 characters, and at most 4000 fit",
        ),
        (|doc| doc.stories[0].tasks.clear(), "stories[0].tasks: needs at least one"),
        (|doc| doc.stories[0].tasks[0].title.clear(), "stories[0].tasks[0].title: is empty"),
        (
            |doc| doc.stories[0].tasks[0].implementation_plan = Some("x".repeat(8001)),
            "stories[0].tasks[0].implementation_plan: has 8001 characters, and at most 8000 fit",
        ),
    ];
    for (spoil, text) in rows {
        assert_eq!(breaches(spoil), [*text]);
    }
}

#[test]
fn every_breach_is_told_at_once() {
    let found = breaches(|doc| {
        (doc.pbi.title, doc.pbi.priority) = (String::new(), 9);
        doc.stories[0].tasks[0].description = Some("\u{1b}[2J".into());
    });
    let places = ["pbi.title: ", "pbi.priority: ", "stories[0].tasks[0].description: "];
    assert_eq!(found.len(), places.len(), "{found:?}");
    for (breach, place) in found.iter().zip(places) {
        assert!(breach.starts_with(place), "{breach}");
    }
}

#[test]
fn a_plan_has_at_most_five_hundred_stories_and_tasks() {
    let of = |plain: usize| {
        breaches(|doc| doc.stories.extend(stories(plain))).into_iter().filter(|text| text.contains("500"))
    };
    assert_eq!(of(498).count(), 0, "a story with a task and 498 more");
    let too_many = ["stories: 501 stories and tasks, and at most 500 are taken"];
    assert_eq!(of(499).collect::<Vec<_>>(), too_many);
    assert_eq!(
        breaches(|doc| doc.stories = stories(600)).len(),
        1,
        "its 600 other breaches are not looked for"
    );
}

#[test]
fn the_parser_is_handed_the_front_matter_of_the_very_document() {
    for (document, front_matter) in [
        ("---\na: 1\n---\nbody\n", "a: 1\n"),
        ("---\r\na: 1\r\nb: 2\r\n---\r\nbody\r\n", "a: 1\r\nb: 2\r\n"),
        ("\u{feff}--- \na: ---\n ---\n---\t\n---\nc: 3\n---\n", "a: ---\n ---\n"),
        ("---\na: 1\n---", "a: 1\n"),
        ("---\n---\n", ""),
    ] {
        let mut handed = None;
        let found = read(document, |text| {
            handed = Some(text.to_owned());
            Ok(doc())
        });
        assert_eq!((handed.as_deref(), found), (Some(front_matter), Ok(doc())), "{document:?}");
    }
    assert_eq!(read(&document("A basket"), titled).unwrap().pbi.title, "A basket");
}

#[test]
fn without_front_matter_nothing_is_parsed() {
    let starts = "line 1: the document starts with a line `---`";
    let ends = "line 1: the front matter that begins here ends with a line `---`, which is missing";
    for (document, why) in [
        ("", starts),
        ("pbi: x\n---\n", starts),
        ("\n---\na: 1\n---\n", starts),
        ("----\na: 1\n---\n", starts),
        (" ---\na: 1\n---\n", starts),
        ("---", ends),
        ("---\n", ends),
        ("---\na: 1\n", ends),
        ("---\na: 1\n----\n", ends),
    ] {
        let breaches = read(document, |_| panic!("nothing is parsed")).unwrap_err();
        let said: Vec<String> = breaches.iter().map(ToString::to_string).collect();
        assert_eq!(said, [why], "{document:?}");
    }
}

#[test]
fn what_the_parser_says_and_every_rule_count() {
    let bad = Breach { path: "front matter".into(), why: "is no YAML".into() };
    assert_eq!(read(&document("x"), |_| Err(bad.clone())), Err(vec![bad]));
    let nothing_to_do = PlanDoc { stories: vec![], ..doc() };
    assert_eq!(read(&document("x"), |_| Ok(nothing_to_do.clone())), Err(nothing_to_do.breaches()));
}

//! Titles, texts, trailers and the commit that merges: by hand, and with every payload in every place.

use proptest::prelude::*;
use sprintgate::domain::gate::Evidence;
use sprintgate::domain::id::{JobId, PullRequestId, RunId};
use sprintgate::domain::publication::{
    Reverted, TITLE_MAX, Trailers, Whose, body, marker, quote, revert_body, revert_title, sprint_title,
    squash, story_title,
};
use sprintgate::domain::time::Timestamp;
use sprintgate::domain::verify::VerifyResult;

use super::commit;
use super::payloads::PAYLOADS;

fn id() -> PullRequestId {
    "publication-1".parse().unwrap()
}

fn run() -> RunId {
    "run-1".parse().unwrap()
}

fn evidence() -> Evidence {
    Evidence { result: VerifyResult::Partial, commit: commit('a'), at: Timestamp(0) }
}

#[test]
fn titles_by_hand() {
    for (title, want) in [
        (story_title(Some("ST-7"), "Pay by card"), "ST-7: Pay by card"),
        (story_title(None, "Pay by card"), "Pay by card"),
        (story_title(Some(" "), "Pay by card"), "Pay by card"),
        (story_title(Some("ST-7"), " \u{200b}"), "ST-7"),
        (story_title(None, "\u{202e}"), "Untitled"),
        (story_title(None, ""), "Untitled"),
        (story_title(Some("ST-7"), "a\r\n b\t\u{0}c"), "ST-7: a b c"),
        (story_title(Some("ST-7"), "safe\u{202e}exe.gnp"), "ST-7: safeexe.gnp"),
        (
            story_title(None, "closes #1 for @ann, www.x.y https://x"),
            "closes #\u{200b}1 for @\u{200b}ann, www\u{200b}.x.y https:\u{200b}//x",
        ),
        (story_title(None, "fix [skip ci]"), "fix [\u{200b}skip ci]"),
        // At Forgejo these words make a draft.
        (story_title(None, "WIP: a"), "a"),
        (story_title(None, "[wip] wip:Wip: a"), "a"),
        (story_title(Some("WIP"), "a"), "a"),
        (story_title(Some("ST-7"), "WIP: a"), "ST-7: WIP: a"),
        (story_title(None, "wiper"), "wiper"),
        // No Markdown is read in a title.
        (story_title(None, "a `b` <c> *d*"), "a `b` <c> *d*"),
        (sprint_title("Pay by card"), "Sprint: Pay by card"),
        (sprint_title(""), "Sprint"),
        (revert_title("ST-7: Pay by card"), "Revert: ST-7: Pay by card"),
    ] {
        assert_eq!(title, want);
    }
}

#[test]
fn a_title_is_cut_at_a_character() {
    let most = "é".repeat(TITLE_MAX);
    assert_eq!(story_title(None, &most), most);
    assert_eq!(story_title(None, &format!("{most}é")), format!("{}…", "é".repeat(TITLE_MAX - 1)));
    // Not behind a space; what breaks a name counts.
    let space = format!("{} {}", "a".repeat(TITLE_MAX - 2), "b".repeat(9));
    assert_eq!(story_title(None, &space), format!("{}…", "a".repeat(TITLE_MAX - 2)));
    let name = format!("{}@ann", "a".repeat(TITLE_MAX - 3));
    let cut = format!("{}@\u{200b}…", "a".repeat(TITLE_MAX - 3));
    assert_eq!((story_title(None, &name), story_title(None, &cut)), (cut.clone(), cut));
}

#[test]
fn the_body_names_whose_it_is_and_traces_the_jobs() {
    let (one, two): (JobId, JobId) = ("job-1".parse().unwrap(), "job-2".parse().unwrap());
    let evidence = evidence();
    let jobs = [
        Trailers { job: &one, attempt: 2, plan: Some("sha256:0a1b"), evidence: Some(&evidence) },
        Trailers { job: &two, attempt: 1, plan: None, evidence: None },
    ];
    let (run, id) = (run(), id());
    let text = body("Cards.\n\nAll of them.", Whose::Sprint { run: &run }, &jobs, &id);
    let traced = format!(
        "Sprintgate-Job: job-1\nSprintgate-Attempt: 2\nSprintgate-Plan: sha256:0a1b\nSprintgate-Evidence: PARTIAL {}\n\
         Sprintgate-Job: job-2\nSprintgate-Attempt: 1",
        commit('a')
    );
    assert_eq!(
        text,
        format!(
            "> Cards.\n>\n> All of them.\n\n---\n\n*Made by Sprintgate for sprint run run-1. Jobs of the run add to it; \
             when the run is done, people review and merge it.*\n\n{traced}\n\n\
             <!-- sprintgate:publication:publication-1 -->\n"
        )
    );
    assert_eq!(
        squash(Whose::Story { story: "ST-7", run: Some(&run) }, &jobs),
        format!("Made by Sprintgate for story ST-7 of sprint run run-1.\n\n{traced}\n")
    );
    // Without a summary nothing is quoted.
    let bare = body(" \n", Whose::Batch { run: &run }, &[], &id);
    assert_eq!(
        bare,
        "---\n\n*Made by Sprintgate for sprint run run-1, whose tasks one agent carries out. When the run is done, people \
         review and merge it.*\n\n<!-- sprintgate:publication:publication-1 -->\n"
    );
    let alone = body("", Whose::Story { story: "ST-7", run: None }, &[], &id);
    assert!(alone.contains("*Made by Sprintgate for story ST-7. Jobs"), "{alone}");
}

#[test]
fn a_revert_names_what_it_takes_back() {
    let (merge, job, url) =
        (commit('c'), "job-1".parse().unwrap(), "https://github.com/o/shop/pull/7".parse().unwrap());
    let reverted =
        Reverted { url: &url, merge: &merge, job: &job, item: "PBI-3", reason: "the tests fail @ann" };
    assert_eq!(
        revert_body(&reverted, &id()),
        format!(
            "> the tests fail @\u{200b}ann\n\n---\n\n*Made by Sprintgate, because job job-1 of backlog item PBI-3 failed \
             with these words. It takes back https://github.com/o/shop/pull/7, which was merged as {merge}. Review it \
             before merging; it is not merged by itself.*\n\n<!-- sprintgate:publication:publication-1 -->\n"
        )
    );
}

#[test]
fn a_digest_is_one_word_and_many_jobs_are_the_last_ones() {
    let jobs: Vec<JobId> = (0..60).map(|n| format!("job-{n}").parse().unwrap()).collect();
    let long = "f".repeat(200);
    let plan = |n: usize| match n {
        58 => "a\nSigned-off-by: Ann <ann@example.org>",
        59 => long.as_str(),
        _ => "\n",
    };
    let trailers: Vec<Trailers<'_>> = jobs
        .iter()
        .enumerate()
        .map(|(n, job)| Trailers { job, attempt: 1, plan: Some(plan(n)), evidence: None })
        .collect();
    let message = squash(Whose::Sprint { run: &run() }, &trailers);
    let lines: Vec<&str> = message.lines().skip(2).collect();
    assert_eq!(lines.len(), 50 * 2 + 2);
    assert_eq!(lines[0], "Sprintgate-Job: job-10");
    assert_eq!(lines[98], "Sprintgate-Plan: aSigned-off-by:Annannexampleorg");
    assert_eq!(lines[101], format!("Sprintgate-Plan: {}", "f".repeat(128)));
}

#[test]
fn no_payload_gets_out_of_its_place() {
    let (run, id, job) = (run(), id(), "job-1".parse().unwrap());
    let (merge, url) = (commit('c'), "https://github.com/o/shop/pull/7".parse().unwrap());
    for (name, text) in PAYLOADS {
        let whose = Whose::Story { story: text, run: Some(&run) };
        let body = body(text, whose, &[], &id);
        let quoted = quote(text);
        let ours = body.strip_prefix(quoted.trim_end()).unwrap_or_else(|| panic!("{name}: {body}"));
        // Rule, note and marker, each a paragraph of one line.
        let lines: Vec<&str> = ours.trim_start().lines().filter(|line| !line.is_empty()).collect();
        assert_eq!((lines.len(), lines[0], lines[2]), (3, "---", &*marker(&id)), "{name}: {body}");
        assert_eq!(body.matches("<!--").count(), 1, "{name}: {body}");
        let reverted = Reverted { url: &url, merge: &merge, job: &job, item: text, reason: text };
        let revert = revert_body(&reverted, &id);
        assert!(
            revert.starts_with(quoted.trim_end()) && revert.matches("<!--").count() == 1,
            "{name}: {revert}"
        );
        // A commit on the default branch: one line, and nothing that a forge reads.
        let message = squash(whose, &[]);
        assert_eq!(message.lines().count(), 1, "{name}: {message}");
        let title = story_title(None, text);
        for line in [&message, &title] {
            for bad in
                ["@a", "@e", "@h", "#1", "#2", "://", "[skip", "[ci", "[no", "!7", "!8", "GH-3", "gh-4"]
            {
                assert!(!line.contains(bad), "{name}: {bad} in {line}");
            }
            let shown = |c: char| c == '\u{200b}' || c == '\n' || !c.is_control();
            assert!(line.chars().all(shown) && !line.contains('\u{202e}'), "{name}: {line}");
        }
    }
}

#[test]
fn the_longest_body_fits_into_every_forge() {
    let jobs: Vec<JobId> = (0..60).map(|n| format!("{n:0>64}").parse().unwrap()).collect();
    let (evidence, long) = (evidence(), "f".repeat(200));
    let trailers: Vec<Trailers<'_>> = jobs
        .iter()
        .map(|job| Trailers { job, attempt: u32::MAX, plan: Some(&long), evidence: Some(&evidence) })
        .collect();
    let text =
        body(&"&".repeat(100_000), Whose::Story { story: &"&".repeat(1000), run: None }, &trailers, &id());
    // GitHub takes 65,536 characters.
    assert!(text.chars().count() < 30_000, "{}", text.chars().count());
}

proptest! {
    #[test]
    fn a_title_is_one_short_line_and_stays_what_it_is(text in "(?s).{0,300}", code in prop::option::of("[A-Z]{1,3}-[0-9]")) {
        for title in [story_title(code.as_deref(), &text), sprint_title(&text), revert_title(&text)] {
            prop_assert!((1..=TITLE_MAX).contains(&title.chars().count()), "{:?}", title);
            let turns = |c: char| ('\u{202a}'..='\u{202e}').contains(&c);
            prop_assert!(!title.chars().any(|c| c.is_control() || turns(c)), "{:?}", title);
            prop_assert_eq!(title.trim(), &title);
            // What a forge shows can be taken for a title again.
            prop_assert_eq!(&story_title(None, &title), &title);
        }
    }
}

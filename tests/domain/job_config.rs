//! How agents are run: every default, every boundary and every order of wishes, by hand.

use proptest::prelude::*;
use sprintgate::domain::job::Kind;
use sprintgate::domain::job_config::{
    Effort, JobConfig, OPUS, PermissionMode, SONNET, Tool, Wishes, allowed_tools, of, resolve,
};
use sprintgate::domain::machine::Word;

/// Kind, model, budget, permission mode, turns, effort.
type Row = (Kind, &'static str, i64, &'static str, Option<i64>, &'static str);

/// `original` 10, row by row.
const DEFAULTS: &[Row] = &[
    (Kind::IdeaGrill, "claude-sonnet-4-6", 12_000, "acceptEdits", Some(15), "high"),
    (Kind::IdeaMakePlan, "claude-opus-4-7", 24_000, "acceptEdits", Some(20), "xhigh"),
    (Kind::IdeaReviewPlan, "claude-opus-4-7", 6_000, "acceptEdits", Some(1), "medium"),
    (Kind::PlanChat, "claude-sonnet-4-6", 6_000, "acceptEdits", Some(5), "medium"),
    (Kind::TaskImplementation, "claude-sonnet-4-6", 6_000, "bypassPermissions", Some(50), "medium"),
    (Kind::SprintImplementation, "claude-sonnet-4-6", 6_000, "bypassPermissions", None, "medium"),
];

fn wishes(model: Option<&str>, thinking_budget: Option<i64>, mode: Option<PermissionMode>) -> Wishes {
    Wishes { model: model.map(str::to_owned), thinking_budget, permission_mode: mode }
}

#[test]
fn each_kind_has_its_default() {
    let kinds: Vec<Kind> = DEFAULTS.iter().map(|row| row.0).collect();
    assert_eq!(kinds, Kind::ALL);
    for (kind, model, budget, mode, turns, effort) in DEFAULTS {
        let config = resolve(*kind, false, &Wishes::default(), &Wishes::default());
        assert_eq!(config, of(*kind));
        let read = (config.model.as_str(), config.thinking_budget, config.permission_mode.word());
        assert_eq!(read, (*model, *budget, *mode), "{kind}");
        assert_eq!((config.max_turns, config.effort().word()), (*turns, *effort), "{kind}");
    }
}

#[test]
fn a_snapshot_wishes_for_all_that_was_resolved() {
    let queued = of(Kind::IdeaMakePlan).snapshot();
    assert_eq!(queued, wishes(Some(OPUS), Some(24_000), Some(PermissionMode::AcceptEdits)));
}

#[test]
fn effort_changes_at_its_boundaries_and_nowhere_else() {
    for (budget, want) in [
        (i64::MIN, "none"),
        (-1, "none"),
        (0, "none"),
        (1, "medium"),
        (5_999, "medium"),
        (6_000, "medium"),
        (6_001, "high"),
        (11_999, "high"),
        (12_000, "high"),
        (12_001, "xhigh"),
        (23_999, "xhigh"),
        (24_000, "xhigh"),
        (24_001, "max"),
        (i64::MAX, "max"),
    ] {
        assert_eq!(Effort::of(budget).word(), want, "{budget}");
    }
    let mut changes = Vec::new();
    for budget in -10..30_000 {
        if Effort::of(budget) != Effort::of(budget + 1) {
            changes.push(budget);
        }
    }
    assert_eq!(changes, [0, 6_000, 12_000, 24_000]);
}

#[test]
fn a_demand_goes_before_a_wish_and_that_before_a_preference() {
    // demanded, the job's, the product's, the answer; the kind's default is SONNET
    let models: &[(bool, Option<&str>, Option<&str>, &str)] = &[
        (false, None, None, SONNET),
        (false, None, Some("p"), "p"),
        (false, Some("j"), None, "j"),
        (false, Some("j"), Some("p"), "j"),
        (true, None, None, OPUS),
        (true, None, Some("p"), OPUS),
        (true, Some("j"), None, OPUS),
        (true, Some("j"), Some("p"), OPUS),
        (false, Some(" "), Some("p"), "p"),
        (false, Some(""), Some("\n"), SONNET),
        (false, Some(" j[1m] "), None, "j[1m]"),
    ];
    for (demanded, requested, preferred, want) in models {
        let (job, product) = (wishes(*requested, None, None), wishes(*preferred, None, None));
        let config = resolve(Kind::TaskImplementation, *demanded, &job, &product);
        assert_eq!(config.model, *want, "{demanded} {requested:?} {preferred:?}");
        assert_eq!(JobConfig { model: SONNET.into(), ..config }, of(Kind::TaskImplementation));
    }
    for (requested, preferred, want) in [
        (None, None, 6_000),
        (None, Some(1), 1),
        (Some(2), None, 2),
        (Some(2), Some(1), 2),
        (Some(0), Some(1), 0),
        (None, Some(0), 0),
        (Some(-7), Some(1), 0),
    ] {
        let (job, product) = (wishes(None, requested, None), wishes(None, preferred, None));
        let config = resolve(Kind::TaskImplementation, true, &job, &product);
        assert_eq!(config.thinking_budget, want, "{requested:?} {preferred:?}");
    }
    use PermissionMode::{AcceptEdits, BypassPermissions, Default as Asks, Plan};
    for (requested, preferred, want) in [
        (None, None, BypassPermissions),
        (None, Some(Plan), Plan),
        (Some(AcceptEdits), None, AcceptEdits),
        (Some(Asks), Some(Plan), Asks),
    ] {
        let (job, product) = (wishes(None, None, requested), wishes(None, None, preferred));
        assert_eq!(resolve(Kind::TaskImplementation, false, &job, &product).permission_mode, want);
    }
}

/// `original` 10, list by list, with the server under its old name.
#[test]
fn each_kind_has_its_tools() {
    let sorted = |mut names: Vec<String>| {
        names.sort();
        names
    };
    let listed = |kind| {
        let name = |tool: Tool| tool.listed("scrum4me").replace("mcp__scrum4me__", "");
        sorted(allowed_tools(kind).into_iter().map(name).collect())
    };
    let by_hand = |text: &str| sorted(text.split_whitespace().map(str::to_owned).collect());
    let task = "Read Edit Write Bash Grep Glob get_claude_context update_task_status update_task_plan
        log_implementation log_test_result log_commit verify_task_against_plan update_job_status ask_user_question
        get_question_answer list_open_questions cancel_question worker_heartbeat";
    let sprint = format!("{task} update_task_execution verify_sprint_task");
    for (kind, want) in [
        (Kind::TaskImplementation, task),
        (Kind::SprintImplementation, &sprint),
        (
            Kind::IdeaGrill,
            "Read Grep Glob WebSearch AskUserQuestion update_idea_grill_md log_idea_decision update_job_status
             ask_user_question get_question_answer cancel_question list_open_questions",
        ),
        (
            Kind::IdeaMakePlan,
            "Read Grep Glob WebSearch AskUserQuestion Write update_idea_plan_md log_idea_decision update_job_status",
        ),
        (
            Kind::IdeaReviewPlan,
            "Read Write Grep Glob update_idea_plan_md update_idea_plan_reviewed log_idea_decision update_job_status
             ask_user_question get_question_answer cancel_question list_open_questions",
        ),
        (Kind::PlanChat, "Read Grep AskUserQuestion update_job_status"),
    ] {
        assert_eq!(listed(kind), by_hand(want), "{kind}");
    }
}

#[test]
fn no_agent_claims_or_keeps_its_own_lease() {
    for kind in Kind::ALL {
        let tools = allowed_tools(*kind);
        for name in ["wait_for_job", "check_queue_empty", "get_idea_context", "job_heartbeat", "dispatch_job"]
        {
            assert!(!tools.contains(&Tool::Server(name)), "{kind}: {name}");
        }
        let mut once = tools.clone();
        once.sort();
        once.dedup();
        assert_eq!(once.len(), tools.len(), "{kind} lists a tool twice");
        assert!(tools.contains(&Tool::Server("update_job_status")), "{kind} cannot report");
    }
    assert_eq!(Tool::Server("log_commit").listed("sprintgate"), "mcp__sprintgate__log_commit");
    assert_eq!(Tool::Program("Read").listed("sprintgate"), "Read");
}

fn any_wishes() -> impl Strategy<Value = Wishes> {
    let mode = prop::sample::select(PermissionMode::ALL);
    (prop::option::of("[a-z ]{0,3}"), prop::option::of(any::<i64>()), prop::option::of(mode)).prop_map(
        |(model, thinking_budget, permission_mode)| Wishes { model, thinking_budget, permission_mode },
    )
}

proptest! {
    /// What is kept with a queued job says how it will be run, whatever its product prefers by then.
    #[test]
    fn a_snapshot_holds(
        kind in prop::sample::select(Kind::ALL),
        demanded: bool,
        job in any_wishes(),
        product in any_wishes(),
        later in any_wishes(),
    ) {
        let queued = resolve(kind, demanded, &job, &product);
        prop_assert_eq!(&resolve(kind, demanded, &queued.snapshot(), &later), &queued);
        prop_assert_eq!(&resolve(kind, false, &queued.snapshot(), &later), &queued);
        prop_assert!(queued.thinking_budget >= 0 && !queued.model.trim().is_empty());
    }
}

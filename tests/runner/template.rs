//! The agent's command: what is replaced, and what is not.

use sprintgate::runner::{DEFAULT_AGENT, RunnerSettings, Values, fill};

fn values() -> Values {
    Values {
        payload: "/p q/payload.json".into(),
        worktree: "/w".into(),
        job_id: "j1".into(),
        attempt: "2".into(),
        mcp_config: "/m".into(),
        prompt: "read {payload}; $(rm -r /) `x` \"y\"".into(),
        model: "m-1".into(),
        permission_mode: "plan".into(),
    }
}

#[test]
fn what_is_replaced() {
    let table = [
        ("", ""),
        ("plain", "plain"),
        ("{payload}", "/p q/payload.json"),
        ("--worktree={worktree}", "--worktree=/w"),
        ("{job_id}-{attempt}/{job_id}", "j1-2/j1"),
        ("{attempt}{attempt}{attempt}", "222"),
        ("{mcp_config}", "/m"),
        ("{model} {permission_mode}", "m-1 plan"),
        // what a value brings in is not read again
        ("{prompt}", "read {payload}; $(rm -r /) `x` \"y\""),
        // braces that name nothing known
        ("{}", "{}"),
        ("{unknown}", "{unknown}"),
        ("{Payload}", "{Payload}"),
        ("{ payload }", "{ payload }"),
        ("{\"a\": {\"b\": \"{attempt}\"}}", "{\"a\": {\"b\": \"2\"}}"),
        ("{{attempt}}", "{2}"),
        ("{attempt", "{attempt"),
        ("attempt}", "attempt}"),
        ("{", "{"),
        ("}{", "}{"),
        ("{ü{model}", "{üm-1"),
    ];
    for (word, wanted) in table {
        assert_eq!(fill(word, &values()), wanted, "{word}");
    }
}

#[test]
fn no_agent_means_the_usual_one() {
    let settings = RunnerSettings::new(Vec::new(), "/x".into(), "/y".into());
    assert_eq!(settings.agent, DEFAULT_AGENT);
    let filled: Vec<String> = settings.agent.iter().map(|word| fill(word, &values())).collect();
    assert!(!filled.iter().any(|word| word == "{model}" || word == "{mcp_config}"), "{filled:?}");
}

//! How the tables of ideas and questions are written by hand.

use super::table::{ONE, Table};

const IDEA: Table = Table {
    machine: "idea",
    name: "ideas",
    id: "{n}",
    key: "ideas.id",
    rename: "id = 'other'",
    born: "
        id = '{n}'
        user_id = 'u'
        product_id = 'p'
        code = '{n}'
        title = 'a title'
        created_at = 1
        updated_at = 1
    ",
    dress: &[
        ("DRAFT", ""),
        (
            "GRILLING",
            "
            job_id = 'j-{n}'
            status_before_job = 'DRAFT'
            ",
        ),
        ("GRILL_FAILED", ""),
        ("GRILLED", "grill_md = 'answers'"),
        (
            "PLANNING",
            "
            job_id = 'j-{n}'
            status_before_job = 'GRILLED'
            grill_md = 'answers'
            ",
        ),
        ("PLAN_FAILED", "grill_md = 'answers'"),
        (
            "PLAN_READY",
            "
            grill_md = 'answers'
            plan_md = 'a plan'
            ",
        ),
        (
            "REVIEWING_PLAN",
            "
            job_id = 'j-{n}'
            status_before_job = 'PLAN_READY'
            grill_md = 'answers'
            plan_md = 'a plan'
            ",
        ),
        (
            "PLAN_REVIEW_FAILED",
            "
            grill_md = 'answers'
            plan_md = 'a plan'
            plan_review_log = '{}'
            reviewed_at = 2
            ",
        ),
        (
            "PLAN_REVIEWED",
            "
            grill_md = 'answers'
            plan_md = 'a plan'
            plan_review_log = '{}'
            reviewed_at = 2
            ",
        ),
        (
            "PLANNED",
            "
            grill_md = 'answers'
            plan_md = 'a plan'
            pbi_id = 'b-{n}'
            ",
        ),
    ],
    always: "",
    kinds: ONE,
};

const QUESTION: Table = Table {
    machine: "question",
    name: "claude_questions",
    id: "{n}",
    key: "claude_questions.id",
    rename: "id = 'other'",
    born: "
        id = '{n}'
        product_id = 'p'
        story_id = 'st'
        asked_by = 'u'
        question = 'which of them?'
        expires_at = 9
        created_at = 1
        updated_at = 1
    ",
    dress: &[
        ("open", ""),
        (
            "answered",
            "
            answer = 'the first'
            answered_by = 'u'
            answered_at = 2
            ",
        ),
        ("cancelled", ""),
        ("expired", ""),
        ("closed", ""),
    ],
    always: "",
    kinds: ONE,
};

pub(super) fn tables() -> Vec<Table> {
    vec![IDEA, QUESTION]
}

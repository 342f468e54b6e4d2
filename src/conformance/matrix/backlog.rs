//! How the tables of the backlog are written by hand. What a status implies there is derived, so that no column
//! depends on it.

use super::table::{ONE, Table};

pub(super) fn tables() -> Vec<Table> {
    vec![
        Table {
            machine: "task",
            name: "tasks",
            id: "{n}",
            key: "tasks.id",
            rename: "id = 'other'",
            born: "
                id = '{n}'
                story_id = 'st'
                product_id = 'p'
                code = 'T-{n}'
                title = 'a title'
                priority = 1
                sort_order = 1.0
                verify_required = 'ANY'
                verify_only = FALSE
                created_at = 1
                updated_at = 1
            ",
            dress: &[],
            always: "",
            kinds: ONE,
        },
        Table {
            machine: "story",
            name: "stories",
            id: "{n}",
            key: "stories.id",
            rename: "id = 'other'",
            born: "
                id = '{n}'
                pbi_id = 'b'
                product_id = 'p'
                code = 'ST-{n}'
                title = 'a title'
                priority = 1
                sort_order = 1.0
                created_at = 1
                updated_at = 1
            ",
            dress: &[],
            always: "",
            kinds: ONE,
        },
        Table {
            machine: "pbi",
            name: "pbis",
            id: "{n}",
            key: "pbis.id",
            rename: "id = 'other'",
            born: "
                id = '{n}'
                product_id = 'p'
                code = 'PBI-{n}'
                title = 'a title'
                priority = 1
                sort_order = 1.0
                created_at = 1
                updated_at = 1
            ",
            dress: &[],
            always: "",
            kinds: ONE,
        },
        Table {
            machine: "sprint",
            name: "sprints",
            id: "{n}",
            key: "sprints.id",
            rename: "id = 'other'",
            born: "
                id = '{n}'
                product_id = 'p'
                code = 'S-{n}'
                sprint_goal = 'a goal'
                created_at = 1
                updated_at = 1
            ",
            dress: &[],
            always: "",
            kinds: ONE,
        },
    ]
}

//! What each table is for, and what the original has that these have not.

/// Tables by subject.
pub(super) const TABLES: &[(&str, &[(&str, &str)])] = &[
    (
        "People",
        &[
            ("users", "A person: name, settings, the number of the last idea."),
            ("user_roles", "What a person is in a team."),
            (
                "api_tokens",
                "A token that a worker, a planner, a page or one attempt's agent signs in with, by its hash.",
            ),
            (
                "requests",
                "The answer that a request got, so that the same request is answered the same again.",
            ),
            ("todos", "A note of a person to themselves."),
        ],
    ),
    (
        "Products and the backlog",
        &[
            (
                "products",
                "What is worked on: its repository, when work counts as done, how agents are run for it.",
            ),
            ("product_members", "Who besides the owner works on a product."),
            ("counters", "The last number given to a code of a product; never given twice."),
            ("pbis", "A product backlog item; its status follows from its stories."),
            (
                "stories",
                "A story of a backlog item, perhaps planned for a sprint; its status follows from its tasks.",
            ),
            ("story_logs", "What was written down of a story's work: plans, test results, commits."),
            ("tasks", "A task of a story: the plan an agent is judged by, and what the gate demands."),
            ("sprints", "A sprint; its status follows from its stories."),
        ],
    ),
    (
        "Runs, jobs and attempts",
        &[
            ("sprint_runs", "A sprint handed out to agents, with a frozen scope."),
            (
                "claude_jobs",
                "A piece of work for an agent: its place in the queue, who holds it, and how it ended.",
            ),
            ("attempts", "A claim of a job, frozen when it is made, but for what it shows and how it ends."),
            (
                "sprint_task_executions",
                "A task of a job that implements a whole sprint, in order, frozen at its first claim.",
            ),
            ("sent_commits", "What an attempt set out to send to its branch, noted before the push."),
            ("worktrees", "An attempt's hold on its worktree."),
            ("worktree_locks", "A lock that one worktree holds now."),
            ("salvages", "What was kept of an attempt before its worktree went."),
            (
                "claude_workers",
                "A worker process: whether it is there, and what is left of its agent's quota.",
            ),
            ("pull_requests", "The publication of a branch, to its merge."),
            (
                "effects",
                "What is to be done outside of the database, until it is done or nobody tries any more.",
            ),
            ("model_prices", "What a million tokens of a model cost."),
        ],
    ),
    (
        "Ideas and questions",
        &[
            ("ideas", "An idea, from a title to the backlog item that its plan becomes."),
            ("idea_products", "Another product that an idea touches."),
            ("idea_logs", "What was decided, noted or found of an idea."),
            ("claude_questions", "What an agent asks a person, and the answer."),
            ("user_questions", "What a person asks the agent about an idea, and the answer."),
        ],
    ),
    (
        "Law, ledger and outbox",
        &[
            ("transition_rules", "The law: each move that a machine may make. Migrations alone change it."),
            (
                "ledger",
                "A row for each birth and move of anything with a status, chained by hashes; never changed.",
            ),
            (
                "ledger_archives",
                "The record of an archive that ended jobs left for: it binds the manifest and the seals, and follows the one \
                 before it.",
            ),
            ("ledger_checkpoints", "A hash over the rows of all entities since the one before it."),
            ("ledger_seals", "What stays of a row of the ledger that left for an archive."),
            ("outbox", "What other programs are told: an event for each row of the ledger."),
            (
                "outbox_base",
                "From where the outbox counts transactions, whose numbers begin anew on another server.",
            ),
            ("outbox_consumers", "How far a reader of the outbox has come."),
            ("terms", "Who holds an office, and until when: at most one process keeps for all."),
        ],
    ),
];

/// What the original has, and why it is not here.
pub(super) const ABSENT: &[(&str, &str)] = &[
    (
        "`users.password_hash`, `must_reset_password`, `avatar_data`, `bio`, `bio_detail`; `login_pairings`, \
         `push_subscriptions`",
        "of its web application: nobody signs in here but by a token",
    ),
    (
        "product documents (`product_docs` and those around it, `enabled_doc_folders`)",
        "later than what this follows",
    ),
    (
        "`api_tokens.scoped_repos`",
        "it was not consulted, and a limit that nobody holds is worse than none; a token is limited to an attempt",
    ),
    ("`claude_jobs.retry_count`", "`attempt` counts the claims, whatever ended them"),
    ("`SKIPPED` of jobs", "`CANCELLED` with the cause `skipped`"),
    ("`id` of tables of pairs, and of `model_prices`", "the pair, or the model, is the key"),
    (
        "enum types, `Json`, arrays",
        "text with a CHECK and `jsonb`, so that one statement serves both databases",
    ),
    ("timestamps without a time zone", "`timestamptz`, and milliseconds since 1970 in SQLite; UTC in both"),
    (
        "`ON DELETE CASCADE` of what has a history",
        "nothing that the ledger knows is ever deleted; what only describes a row goes with it",
    ),
    (
        "`claude_questions.status` as free text, one of story and idea",
        "five statuses, and a run may ask, too",
    ),
];

/// Indexes that serve no statement and no key yet, and what they wait for.
pub(super) const AWAITED: &[(&str, &str)] = &[
    ("claude_questions_due", "ending questions whose time is over"),
    ("claude_workers_silent", "noting workers that gave no sign of life"),
    ("effects_due", "taking the next effect"),
    ("effects_held", "taking effects over whose process is gone"),
    ("worktree_locks_by_expiry", "freeing locks whose holder is gone"),
];

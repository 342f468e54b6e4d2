//! What a forge keeps, and what both faces do with it.

use sprintgate::domain::forge::ForgeKind;

use super::repo::Repo;
use super::{Answer, Dies, Fault, Request, forgejo, github};

/// The one repository there.
pub(crate) const REPO: &str = "shop/basket";

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) repo: Repo,
    pub(crate) pulls: Vec<Pull>,
    pub(crate) checks: Vec<Check>,
    /// None when it was revoked.
    pub(crate) token: Option<String>,
    /// Whether the token may change anything.
    pub(crate) may_write: bool,
    pub(crate) allows_auto_merge: bool,
    /// Whether the base demands the checks that are required.
    pub(crate) protected: bool,
    pub(crate) has_drafts: bool,
    pub(crate) archived: bool,
    pub(crate) faults: Vec<Fault>,
    /// Who asks dies with a request that is still to come.
    pub(crate) dies: Option<Dies>,
    pub(crate) log: Vec<(Request, u16)>,
    /// Pushed to that branch while a merge is being scheduled.
    pub(crate) pushed_meanwhile: Option<String>,
    /// The most entries of a page of Forgejo.
    pub(crate) most_entries: usize,
    /// Whether a commit without checks counts as one whose checks run.
    pub(crate) checked_always: bool,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Pull {
    pub(crate) number: u64,
    pub(crate) branch: String,
    /// Of a fork: its name, and the commit there.
    pub(crate) fork: Option<(String, String)>,
    pub(crate) base: String,
    pub(crate) title: String,
    pub(crate) body: String,
    /// GitHub's mark; Forgejo's is in the title.
    pub(crate) draft: bool,
    pub(crate) closed: bool,
    pub(crate) merged: Option<String>,
    /// First line and rest of the merge to be made.
    pub(crate) scheduled: Option<(String, String)>,
    pub(crate) comments: Vec<String>,
}

#[derive(Debug, Clone)]
pub(crate) struct Check {
    pub(crate) commit: String,
    pub(crate) name: String,
    pub(crate) required: bool,
    /// `pending`, `success` or `failure`.
    pub(crate) state: &'static str,
}

impl State {
    pub(crate) fn new(repo: Repo) -> Self {
        Self {
            repo,
            pulls: Vec::new(),
            checks: Vec::new(),
            token: Some("canary-t0ken".to_owned()),
            may_write: true,
            allows_auto_merge: true,
            protected: false,
            has_drafts: true,
            archived: false,
            faults: Vec::new(),
            dies: None,
            log: Vec::new(),
            pushed_meanwhile: None,
            most_entries: 50,
            checked_always: false,
        }
    }

    /// The commit that a pull request is at: of its branch while that is there, else as it was last.
    pub(crate) fn head(&self, pull: &Pull) -> String {
        if let Some((_, commit)) = &pull.fork {
            return commit.clone();
        }
        let kept = format!("refs/pull/{}/head", pull.number);
        if let Some(tip) = self.repo.tip(&pull.branch).filter(|_| pull.merged.is_none() && !pull.closed) {
            self.repo.git(&["update-ref", &kept, &tip]).unwrap();
            return tip;
        }
        self.repo.git(&["rev-parse", &kept]).unwrap()
    }

    pub(crate) fn pull(&self, number: &str) -> Option<usize> {
        let number: u64 = number.parse().ok()?;
        self.pulls.iter().position(|pull| pull.number == number)
    }

    /// Adds one; its number.
    pub(crate) fn add(&mut self, pull: Pull) -> u64 {
        let number = self.pulls.len() as u64 + 1;
        let pull = Pull { number, ..pull };
        if let Some(tip) = self.repo.tip(&pull.branch).filter(|_| pull.fork.is_none()) {
            self.repo.git(&["update-ref", &format!("refs/pull/{number}/head"), &tip]).unwrap();
        }
        self.pulls.push(pull);
        number
    }

    /// Opens one on request, as both faces do but for the words of their refusals.
    pub(crate) fn open(&mut self, request: &Request, draft: bool) -> Result<usize, &'static str> {
        let (branch, base) = (request.text("head"), request.text("base"));
        let same = |pull: &Pull| {
            pull.branch == branch
                && pull.base == base
                && pull.fork.is_none()
                && !pull.closed
                && pull.merged.is_none()
        };
        if self.pulls.iter().any(same) {
            return Err("exists");
        }
        let (Some(onto), Some(tip)) = (self.repo.tip(&base), self.repo.tip(&branch)) else {
            return Err("missing");
        };
        if self.repo.count(&onto, &tip) == 0 {
            return Err("nothing");
        }
        let (title, body) = (request.text("title"), request.text("body"));
        self.add(Pull { branch, base, title, body, draft, ..Pull::default() });
        Ok(self.pulls.len() - 1)
    }

    pub(crate) fn mergeable(&self, pull: &Pull) -> bool {
        let onto = self.repo.tip(&pull.base).unwrap();
        self.repo.merged_tree(&onto, &self.head(pull)).is_some()
    }

    /// The worst state of the checks of a commit, required or not.
    pub(crate) fn checked(&self, commit: &str, required: bool) -> &'static str {
        let states = self.checks.iter().filter(|c| c.commit == commit && c.required == required);
        let states: Vec<_> = states.map(|check| check.state).collect();
        if self.checked_always && required && states.is_empty() {
            return "pending";
        }
        ["failure", "pending"].into_iter().find(|state| states.contains(state)).unwrap_or("success")
    }

    /// Merges it into one commit.
    pub(crate) fn merge(&mut self, at: usize, title: &str, message: &str) -> Option<String> {
        let head = self.head(&self.pulls[at]);
        let commit = self.repo.squash(&self.pulls[at].base, &head, &format!("{title}\n\n{message}"))?;
        let pull = &mut self.pulls[at];
        (pull.merged, pull.closed, pull.scheduled) = (Some(commit.clone()), true, None);
        Some(commit)
    }

    /// Reports a check, and makes the merges that waited for it.
    pub(crate) fn check(&mut self, commit: &str, name: &str, required: bool, state: &'static str) {
        self.checks.retain(|check| check.commit != commit || check.name != name);
        self.checks.push(Check { commit: commit.into(), name: name.into(), required, state });
        for at in 0..self.pulls.len() {
            let pull = &self.pulls[at];
            let Some((title, message)) = pull.scheduled.clone() else { continue };
            if self.checked(&self.head(pull), true) == "success" {
                self.merge(at, &title, &message);
            }
        }
    }

    /// One as that face shows it.
    pub(crate) fn shown(&self, kind: ForgeKind, pull: &Pull) -> serde_json::Value {
        match kind {
            ForgeKind::GitHub => github::whole(self, pull),
            ForgeKind::Forgejo => forgejo::whole(self, pull),
        }
    }

    /// What a read of that path below the repository answers.
    pub(crate) fn answer(&mut self, kind: ForgeKind, path: &str) -> serde_json::Value {
        let token = self.token.clone().unwrap_or_default();
        let (before, scheme) = match kind {
            ForgeKind::GitHub => ("", "Bearer"),
            ForgeKind::Forgejo => ("/api/v1", "token"),
        };
        let headers = [("user-agent", "test".to_owned()), ("authorization", format!("{scheme} {token}"))];
        let request = Request {
            method: "GET".to_owned(),
            path: format!("{before}/repos/{REPO}/{path}"),
            query: Vec::new(),
            headers: headers.map(|(name, value)| (name.to_owned(), value)).into(),
            body: serde_json::Value::Null,
        };
        let answer = match kind {
            ForgeKind::GitHub => github::answer(self, &request),
            ForgeKind::Forgejo => forgejo::answer(self, &request),
        };
        assert_eq!(answer.status, 200, "{path}");
        serde_json::from_str(&answer.body).unwrap()
    }

    /// How often that was asked.
    pub(crate) fn asked(&self, method: &str, end: &str) -> usize {
        self.log.iter().filter(|(request, _)| request.method == method && request.path.ends_with(end)).count()
    }

    pub(crate) fn comment(&mut self, at: usize, request: &Request) -> Answer {
        self.pulls[at].comments.push(request.text("body"));
        Answer::json(201, &serde_json::json!({ "id": 1, "body": request.text("body") }))
    }
}

//! The plan document: the front matter of `original` 3.30 as data, and the rules it has to keep. The front matter is
//! found here; its YAML is read by whoever reads the document.

use serde::Deserialize;

use super::gate::Required;

/// A plan: one backlog item with its stories and tasks. Unknown keys are ignored.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PlanDoc {
    /// The backlog item.
    pub pbi: PlanPbi,
    /// Its stories, at least one.
    pub stories: Vec<PlanStory>,
}

/// The backlog item of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PlanPbi {
    /// 1 to 200 characters.
    pub title: String,
    /// At most 4000 characters.
    #[serde(default)]
    pub description: Option<String>,
    /// 1 (first) to 4.
    pub priority: i64,
}

/// A story of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PlanStory {
    /// 1 to 200 characters.
    pub title: String,
    /// At most 4000 characters.
    #[serde(default)]
    pub description: Option<String>,
    /// At most 4000 characters.
    #[serde(default)]
    pub acceptance_criteria: Option<String>,
    /// 1 (first) to 4.
    pub priority: i64,
    /// Its tasks, at least one.
    pub tasks: Vec<PlanTask>,
}

/// A task of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PlanTask {
    /// 1 to 200 characters.
    pub title: String,
    /// At most 4000 characters.
    #[serde(default)]
    pub description: Option<String>,
    /// At most 8000 characters.
    #[serde(default)]
    pub implementation_plan: Option<String>,
    /// 1 (first) to 4.
    pub priority: i64,
    /// What the gate demands.
    #[serde(default)]
    pub verify_required: Option<Required>,
    /// No change is a good answer.
    #[serde(default)]
    pub verify_only: Option<bool>,
}

/// A rule that a plan breaks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {why}")]
pub struct Breach {
    /// Where, as `stories[0].tasks[1].title`.
    pub path: String,
    /// Which rule.
    pub why: String,
}

/// Characters that a title may have.
pub const TITLE_MAX: usize = 200;
/// Characters that a description or the acceptance criteria may have.
pub const TEXT_MAX: usize = 4000;
/// Characters that an implementation plan may have.
pub const PLAN_MAX: usize = 8000;
/// Stories and tasks that one plan may have in all.
pub const ITEMS_MAX: usize = 500;

/// Reads a document: `parse` is handed the text of its front matter, and every rule is checked of what it makes of it.
///
/// ```
/// use sprintgate::domain::plan_doc::{Breach, read};
///
/// let front_matter = |text: &str| Err(Breach { path: "line 2".into(), why: format!("{text:?} is no plan") });
/// let breaches = read("---\nhello\n---\nbody\n", front_matter).unwrap_err();
/// assert_eq!(breaches[0].to_string(), r#"line 2: "hello\n" is no plan"#);
/// ```
///
/// # Errors
/// Every rule that it breaks, at least one.
pub fn read(
    document: &str,
    parse: impl FnOnce(&str) -> Result<PlanDoc, Breach>,
) -> Result<PlanDoc, Vec<Breach>> {
    let plan = front_matter(document).and_then(parse).map_err(|breach| vec![breach])?;
    let breaches = plan.breaches();
    if breaches.is_empty() { Ok(plan) } else { Err(breaches) }
}

/// The text between the first line `---` and the next line `---`.
fn front_matter(document: &str) -> Result<&str, Breach> {
    let breach = |why: &str| Breach { path: "line 1".to_owned(), why: why.to_owned() };
    let document = document.strip_prefix('\u{feff}').unwrap_or(document);
    let first = document.split_inclusive('\n').next().unwrap_or_default();
    if first.trim_end() != "---" {
        return Err(breach("the document starts with a line `---`"));
    }
    let body = document.get(first.len()..).unwrap_or_default();
    let mut at = 0;
    for line in body.split_inclusive('\n') {
        if line.trim_end() == "---" {
            return Ok(body.get(..at).unwrap_or_default());
        }
        at += line.len();
    }
    Err(breach("the front matter that begins here ends with a line `---`, which is missing"))
}

impl PlanDoc {
    /// Every rule the plan breaks; none when it can be imported.
    #[must_use]
    pub fn breaches(&self) -> Vec<Breach> {
        let mut check = Check(Vec::new());
        check.item("pbi", &self.pbi.title, self.pbi.description.as_deref(), self.pbi.priority);
        check.some("stories", self.stories.len());
        let items: usize = self.stories.iter().map(|story| 1 + story.tasks.len()).sum();
        if items > ITEMS_MAX {
            check.breach("stories", format!("{items} stories and tasks, and at most {ITEMS_MAX} are taken"));
            return check.0;
        }
        for (s, story) in self.stories.iter().enumerate() {
            let at = format!("stories[{s}]");
            check.item(&at, &story.title, story.description.as_deref(), story.priority);
            check.long(&at, "acceptance_criteria", story.acceptance_criteria.as_deref(), TEXT_MAX);
            check.some(&format!("{at}.tasks"), story.tasks.len());
            for (t, task) in story.tasks.iter().enumerate() {
                let at = format!("{at}.tasks[{t}]");
                check.item(&at, &task.title, task.description.as_deref(), task.priority);
                check.long(&at, "implementation_plan", task.implementation_plan.as_deref(), PLAN_MAX);
            }
        }
        check.0
    }
}

struct Check(Vec<Breach>);

impl Check {
    fn breach(&mut self, path: &str, why: String) {
        self.0.push(Breach { path: path.to_owned(), why });
    }

    fn item(&mut self, at: &str, title: &str, description: Option<&str>, priority: i64) {
        if title.trim().is_empty() {
            self.breach(&format!("{at}.title"), "is empty".to_owned());
        }
        self.long(at, "title", Some(title), TITLE_MAX);
        self.long(at, "description", description, TEXT_MAX);
        if !(1..=4).contains(&priority) {
            self.breach(&format!("{at}.priority"), format!("is {priority}, and has to be 1 to 4"));
        }
    }

    fn long(&mut self, at: &str, field: &str, text: Option<&str>, max: usize) {
        let Some(text) = text else { return };
        let found = text.chars().count();
        if found > max {
            self.breach(&format!("{at}.{field}"), format!("has {found} characters, and at most {max} fit"));
        }
        if text.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r')) {
            self.breach(&format!("{at}.{field}"), "contains a control character".to_owned());
        }
    }

    fn some(&mut self, path: &str, count: usize) {
        if count == 0 {
            self.breach(path, "needs at least one".to_owned());
        }
    }
}

//! The four answers, in the order in which they are ruled out.

use super::facts::DiffFacts;
use super::judgement::Judgement;
use super::matching::{Match, matches};
use super::plan_path::{PlanPath, plan_paths};
use super::result::VerifyResult;
use super::wording::{count, list};

/// Without planned paths, more changed lines than these are too many.
const UNPLANNED_LINES: u64 = 50;

/// This many times as many touched as planned paths are too many.
const TOO_MANY: usize = 3;

/// Compares what was changed with what was planned.
///
/// | first that holds | answer |
/// |---|---|
/// | no path touched, or only white space changed | EMPTY |
/// | no path planned, more than 50 lines changed | DIVERGENT |
/// | no path planned | ALIGNED |
/// | a planned path not touched | PARTIAL |
/// | three times as many touched as planned | DIVERGENT |
/// | | ALIGNED |
///
/// Whatever lies within a planned folder or pattern is planned: such paths count one by one.
pub fn classify(facts: &DiffFacts, plan: Option<&str>) -> Judgement {
    let plan = plan.filter(|plan| !plan.trim().is_empty());
    let paths = plan.map(plan_paths).unwrap_or_default();
    let comparison = Comparison::of(facts, &paths);
    let (result, reasoning) = match (comparison.emptiness(), plan) {
        (Some(reason), _) => (VerifyResult::Empty, reason),
        (None, None) => comparison.without_paths("there is no plan"),
        (None, Some(_)) if paths.is_empty() => comparison.without_paths("the plan names no paths"),
        (None, Some(_)) => comparison.with_paths(),
    };
    Judgement {
        result,
        reasoning,
        planned: paths.len(),
        covered: paths.len() - comparison.missing.len(),
        missing: comparison.missing,
        extra: comparison.extra,
    }
}

struct Comparison<'d> {
    facts: &'d DiffFacts,
    named: usize,
    /// What the touched paths are weighed against: the named ones, a folder or pattern as many times as it
    /// was touched.
    planned: usize,
    missing: Vec<String>,
    extra: Vec<String>,
}

impl<'d> Comparison<'d> {
    fn of(facts: &'d DiffFacts, paths: &[PlanPath]) -> Self {
        let found = matches(paths, &facts.paths);
        let missing = paths.iter().zip(&found.plan).filter(|(_, found)| **found == Match::None);
        let extra = facts.paths.iter().zip(&found.diff).filter(|(_, found)| **found == Match::None);
        let within = |side: &[Match]| side.iter().filter(|found| **found == Match::Within).count();
        let single = paths.len() - within(&found.plan);
        Self {
            facts,
            named: paths.len(),
            planned: paths.len().max(single + within(&found.diff)),
            missing: missing.map(|(path, _)| path.to_string()).collect(),
            extra: if paths.is_empty() { Vec::new() } else { extra.map(|(path, _)| path.clone()).collect() },
        }
    }

    fn emptiness(&self) -> Option<String> {
        if self.facts.paths.is_empty() {
            Some("no file was changed".to_owned())
        } else if !self.facts.meaningful {
            Some(format!("only white space changed in {}", count(self.touched(), "file")))
        } else {
            None
        }
    }

    fn without_paths(&self, why: &str) -> (VerifyResult, String) {
        let lines = count(self.facts.changed_lines, "changed line");
        if self.facts.changed_lines > UNPLANNED_LINES {
            (VerifyResult::Divergent, format!("{why}, and {lines} are more than {UNPLANNED_LINES}"))
        } else {
            (VerifyResult::Aligned, format!("{why}; {lines} in {}", count(self.touched(), "file")))
        }
    }

    fn with_paths(&self) -> (VerifyResult, String) {
        let (named, touched) = (self.named, self.facts.paths.len());
        if !self.missing.is_empty() {
            let covered = named - self.missing.len();
            let missing = list(&self.missing);
            return (
                VerifyResult::Partial,
                format!("{covered}/{named} planned paths changed; missing: {missing}"),
            );
        }
        if touched >= self.planned.saturating_mul(TOO_MANY) {
            let ratio = touched as f64 / self.planned as f64;
            let mut reason = format!(
                "{} changed for {} planned ({ratio:.1}x)",
                count(self.touched(), "path"),
                self.planned
            );
            if !self.extra.is_empty() {
                reason = format!("{reason}; extra: {}", list(&self.extra));
            }
            return (VerifyResult::Divergent, reason);
        }
        let also =
            if self.extra.is_empty() { String::new() } else { format!("; {} extra", self.extra.len()) };
        (VerifyResult::Aligned, format!("all {} changed{also}", count(named as u64, "planned path")))
    }

    fn touched(&self) -> u64 {
        self.facts.paths.len() as u64
    }
}

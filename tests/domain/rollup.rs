//! Roll-up of a picture of locked rows: every small picture against a second, naive roll-up, and what must not depend
//! on the order in which jobs end.

use sprintgate::domain::backlog::{pbi, sprint, story};
use sprintgate::domain::machine::Word;
use sprintgate::domain::rollup::{Above, Picture, Rolled, roll_up, weigh_the_same};
use sprintgate::domain::run::{Tally, Verdict};
use sprintgate::domain::task;

/// Every list of at most `most` of these words, in the order of the words.
fn lists<W: Word>(most: usize) -> Vec<Vec<W>> {
    let mut all: Vec<Vec<W>> = vec![Vec::new()];
    let mut last = all.clone();
    for _ in 0..most {
        let place = |word: &W| W::ALL.iter().position(|other| other == word);
        let longer = last.iter().flat_map(|list| {
            let from = list.last().and_then(place).unwrap_or(0);
            W::ALL[from..].iter().map(|word| [list.as_slice(), &[*word]].concat())
        });
        last = longer.collect();
        all.extend(last.clone());
    }
    all
}

fn shown(rolled: &Rolled) -> String {
    match rolled {
        Rolled::Story(s) => format!("story {} {} {}", s.from(), s.event(), s.to()),
        Rolled::Pbi(s) => format!("pbi {} {} {}", s.from(), s.event(), s.to()),
        Rolled::Sprint(s) => format!("sprint {} {} {}", s.from(), s.event(), s.to()),
        Rolled::Run(verdict) => format!("run {verdict:?}"),
    }
}

/// The same by counting words.
fn naive(picture: &Picture) -> Vec<String> {
    fn count<W: Word>(words: &[W], word: &str) -> usize {
        words.iter().filter(|w| w.word() == word).count()
    }
    fn above(stories: &[&str], well: &'static str, else_: &'static str) -> &'static str {
        let done = stories.iter().filter(|s| **s == "DONE").count();
        match stories.iter().filter(|s| **s == "FAILED").count() {
            0 if done > 0 && done == stories.len() => well,
            0 => else_,
            _ => "FAILED",
        }
    }
    let tasks = &picture.tasks;
    let (done, excluded) = (count(tasks, "DONE"), count(tasks, "EXCLUDED"));
    let story = match (count(tasks, "FAILED"), done, tasks.len() - done - excluded) {
        (1.., ..) => "FAILED",
        (0, 1.., 0) => "DONE",
        _ if picture.sprint.is_some() => "IN_SPRINT",
        _ => "OPEN",
    };
    let with = |others: &[story::Status]| others.iter().map(|s| s.word()).chain([story]).collect::<Vec<_>>();
    let mut all = vec![("story", picture.story.word(), story)];
    if picture.pbi.now.word() != "BLOCKED" {
        all.push(("pbi", picture.pbi.now.word(), above(&with(&picture.pbi.others), "DONE", "READY")));
    }
    if let Some(sprint) = picture.sprint.as_ref().filter(|sprint| sprint.now.word() != "ARCHIVED") {
        all.push(("sprint", sprint.now.word(), above(&with(&sprint.others), "CLOSED", "OPEN")));
    }
    let changed = all.into_iter().filter(|(_, from, to)| from != to);
    let mut said: Vec<String> =
        changed.map(|(what, from, to)| format!("{what} {from} derive {to}")).collect();
    if let Some((tally, at_once)) = picture.run {
        let Tally { open, failed, cancelled, .. } = tally;
        if at_once || (open == 0 && failed > 0) {
            said.push("run Fail".to_owned());
        } else if open == 0 {
            said.push(if cancelled > 0 { "run Cancel" } else { "run Complete" }.to_owned());
        }
    }
    said
}

/// The picture after what was rolled up.
fn after(picture: &Picture, rolled: &[Rolled]) -> Picture {
    let mut next = picture.clone();
    for change in rolled {
        match change {
            Rolled::Story(shift) => next.story = shift.to(),
            Rolled::Pbi(shift) => next.pbi.now = shift.to(),
            Rolled::Sprint(shift) => next.sprint.as_mut().unwrap().now = shift.to(),
            Rolled::Run(_) => next.run = None,
        }
    }
    next
}

#[track_caller]
fn is_naive_and_settles(picture: &Picture) {
    let rolled = roll_up(picture);
    let said: Vec<String> = rolled.iter().map(shown).collect();
    assert_eq!(said, naive(picture), "{picture:?}");
    let again = after(picture, &rolled);
    assert!(rolled.is_empty() || roll_up(&again).iter().all(|r| matches!(r, Rolled::Run(_))), "{again:?}");
}

#[test]
fn every_small_picture_is_rolled_up_as_a_naive_program_does() {
    let (all_tasks, others, few) =
        (lists::<task::Status>(2), lists::<story::Status>(2), lists::<story::Status>(1));
    assert_eq!((all_tasks.len(), others.len(), few.len()), (28, 15, 5));
    let sprints = sprint::Status::ALL
        .iter()
        .flat_map(|now| few.iter().map(|others| Some(Above { now: *now, others: others.clone() })));
    let sprints: Vec<_> = sprints.chain([None]).collect();
    let mut pictures = 0;
    for story in story::Status::ALL {
        for tasks in &all_tasks {
            for now in pbi::Status::ALL {
                for others in &others {
                    for sprint in &sprints {
                        let (tasks, sprint) = (tasks.clone(), sprint.clone());
                        let pbi = Above { now: *now, others: others.clone() };
                        is_naive_and_settles(&Picture { story: *story, tasks, pbi, sprint, run: None });
                        pictures += 1;
                    }
                }
            }
        }
    }
    assert_eq!(pictures, 4 * 28 * 4 * 15 * 21);
}

fn picture(tasks: &[task::Status]) -> Picture {
    Picture {
        story: story::Status::InSprint,
        tasks: tasks.to_vec(),
        pbi: Above { now: pbi::Status::Ready, others: Vec::new() },
        sprint: Some(Above { now: sprint::Status::Open, others: Vec::new() }),
        run: None,
    }
}

#[test]
fn tasks_that_weigh_the_same_change_nothing_above_them() {
    use task::Status::{InProgress, Review, ToDo};
    for before in task::Status::ALL {
        for after in task::Status::ALL {
            let open = |status| [ToDo, InProgress, Review].contains(status);
            assert_eq!(weigh_the_same(*before, *after), before == after || open(before) && open(after));
            for others in lists::<task::Status>(2).iter().filter(|_| weigh_the_same(*before, *after)) {
                for story in story::Status::ALL {
                    let of =
                        |task| Picture { story: *story, ..picture(&[others.as_slice(), &[task]].concat()) };
                    assert_eq!(
                        roll_up(&of(*before)),
                        roll_up(&of(*after)),
                        "{before} {after} {others:?} {story}"
                    );
                }
            }
        }
    }
}

#[test]
fn every_small_tally_settles_the_run_last() {
    let mut tallies = 0;
    for n in 0..243_u64 {
        let digit = |place: u32| n / 3_u64.pow(place) % 3;
        let tally = Tally {
            open: digit(0),
            done: digit(1),
            failed: digit(2),
            skipped: digit(3),
            cancelled: digit(4),
        };
        for at_once in [false, true] {
            for tasks in [&[task::Status::Done][..], &[task::Status::ToDo]] {
                is_naive_and_settles(&Picture { run: Some((tally, at_once)), ..picture(tasks) });
                tallies += 1;
            }
        }
    }
    assert_eq!(tallies, 243 * 4);
}

#[test]
fn what_changes_is_listed_from_the_story_up() {
    let tally = Tally { done: 1, ..Tally::default() };
    let rolled = roll_up(&Picture { run: Some((tally, false)), ..picture(&[task::Status::Done]) });
    let said: Vec<String> = rolled.iter().map(shown).collect();
    assert_eq!(
        said,
        ["story IN_SPRINT derive DONE", "pbi READY derive DONE", "sprint OPEN derive CLOSED", "run Complete"]
    );
}

#[test]
fn a_run_ends_under_a_sprint_that_does_not_change() {
    let mut picture = picture(&[task::Status::Done]);
    picture.story = story::Status::Done;
    picture.pbi = Above { now: pbi::Status::Failed, others: vec![story::Status::Failed] };
    picture.sprint = Some(Above { now: sprint::Status::Failed, others: vec![story::Status::Failed] });
    for (tally, want) in [
        (Tally { done: 1, ..Tally::default() }, Verdict::Complete),
        (Tally { done: 1, failed: 1, ..Tally::default() }, Verdict::Fail),
    ] {
        picture.run = Some((tally, false));
        assert_eq!(roll_up(&picture), [Rolled::Run(want)]);
    }
}

#[test]
fn a_run_ends_with_its_jobs_though_a_story_was_added() {
    let mut picture = picture(&[task::Status::Done]);
    picture.sprint = Some(Above { now: sprint::Status::Open, others: vec![story::Status::InSprint] });
    picture.run = Some((Tally { done: 1, ..Tally::default() }, false));
    let said: Vec<String> = roll_up(&picture).iter().map(shown).collect();
    assert_eq!(said, ["story IN_SPRINT derive DONE", "pbi READY derive DONE", "run Complete"]);
}

#[test]
fn a_sprint_asks_its_own_stories_only_and_an_archived_one_nobody() {
    let mut picture = picture(&[task::Status::Done]);
    picture.pbi = Above { now: pbi::Status::Blocked, others: vec![story::Status::Open] };
    let said: Vec<String> = roll_up(&picture).iter().map(shown).collect();
    assert_eq!(said, ["story IN_SPRINT derive DONE", "sprint OPEN derive CLOSED"]);
    for tasks in lists::<task::Status>(2) {
        picture.tasks = tasks;
        picture.sprint = Some(Above { now: sprint::Status::Archived, others: vec![story::Status::Failed] });
        assert!(!roll_up(&picture).iter().any(|rolled| matches!(rolled, Rolled::Sprint(_))), "{picture:?}");
    }
}

/// Two tasks, the last of their run; where their stories stand is what a layout says.
#[derive(Debug, Clone, PartialEq, Eq)]
struct World {
    /// Story, task status, and how its job ended.
    tasks: [(usize, task::Status, Option<End>); 2],
    stories: Vec<Placed>,
    pbis: Vec<pbi::Status>,
    sprints: Vec<sprint::Status>,
    run: Verdict,
}

/// A story, with the places of its backlog item and sprint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Placed {
    pbi: usize,
    sprint: Option<usize>,
    status: story::Status,
}

/// The stories of the two tasks, then the backlog item and sprint of each story.
type Layout = ([usize; 2], &'static [(usize, Option<usize>)]);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Done,
    Failed,
    Skipped,
    Cancelled,
}

const ENDS: [End; 4] = [End::Done, End::Failed, End::Skipped, End::Cancelled];

impl World {
    /// Ends a task's job, and rolls up as one transaction does.
    fn end(&mut self, task: usize, end: End) {
        let to = match end {
            End::Done => task::Status::Done,
            End::Failed => task::Status::Failed,
            End::Skipped | End::Cancelled => task::Status::ToDo,
        };
        let own = self.tasks[task].0;
        self.tasks[task] = (own, to, Some(end));
        let Placed { pbi, sprint, status: story } = self.stories[own];
        let beside = |here: &dyn Fn(&Placed) -> bool| {
            let others = self.stories.iter().enumerate().filter(|(n, other)| *n != own && here(other));
            others.map(|(_, other)| other.status).collect::<Vec<_>>()
        };
        let count = |end: Option<End>| self.tasks.iter().filter(|task| task.2 == end).count() as u64;
        let tally = Tally {
            open: count(None),
            done: count(Some(End::Done)),
            failed: count(Some(End::Failed)),
            skipped: count(Some(End::Skipped)),
            cancelled: count(Some(End::Cancelled)),
        };
        let picture = Picture {
            story,
            tasks: self.tasks.iter().filter(|task| task.0 == own).map(|task| task.1).collect(),
            pbi: Above { now: self.pbis[pbi], others: beside(&|other| other.pbi == pbi) },
            sprint: sprint.map(|sprint| Above {
                now: self.sprints[sprint],
                others: beside(&|other| other.sprint == Some(sprint)),
            }),
            run: Some((tally, false)),
        };
        for rolled in roll_up(&picture) {
            match rolled {
                Rolled::Story(shift) => self.stories[own].status = shift.to(),
                Rolled::Pbi(shift) => self.pbis[pbi] = shift.to(),
                Rolled::Sprint(shift) => self.sprints[sprint.unwrap()] = shift.to(),
                Rolled::Run(verdict) => self.run = verdict,
            }
        }
    }
}

#[test]
fn two_last_tasks_that_end_in_either_order_reach_the_same_picture() {
    let layouts: [Layout; 7] = [
        ([0, 0], &[(0, Some(0))]),
        ([0, 0], &[(0, None)]),
        ([0, 1], &[(0, Some(0)), (0, Some(0))]),
        ([0, 1], &[(0, Some(0)), (1, Some(0))]),
        ([0, 1], &[(0, Some(0)), (0, Some(1))]),
        ([0, 1], &[(0, Some(0)), (0, None)]),
        ([0, 1], &[(0, Some(0)), (1, Some(0)), (1, Some(0))]),
    ];
    let mut worlds = 0;
    for (of, stories) in layouts {
        for pbi in pbi::Status::ALL {
            for sprint in sprint::Status::ALL {
                for (one, two) in ENDS.into_iter().flat_map(|one| ENDS.map(|two| (one, two))) {
                    let placed = |(pbi, sprint): &(usize, Option<usize>)| Placed {
                        pbi: *pbi,
                        sprint: *sprint,
                        status: story::Status::InSprint,
                    };
                    let task = |story| (story, task::Status::InProgress, None);
                    let before = World {
                        tasks: [task(of[0]), task(of[1])],
                        stories: stories.iter().map(placed).collect(),
                        pbis: vec![*pbi; 2],
                        sprints: vec![*sprint; 2],
                        run: Verdict::GoesOn,
                    };
                    let (mut forth, mut back) = (before.clone(), before);
                    forth.end(0, one);
                    assert_eq!(forth.run, Verdict::GoesOn, "a job is open");
                    forth.end(1, two);
                    back.end(1, two);
                    back.end(0, one);
                    assert_eq!(forth, back);
                    assert_ne!(forth.run, Verdict::GoesOn, "no job is open: {forth:?}");
                    if (one, two) == (End::Done, End::Done) {
                        assert_eq!(forth.stories[0].status, story::Status::Done);
                        assert_eq!(forth.run, Verdict::Complete);
                    }
                    worlds += 1;
                }
            }
        }
    }
    assert_eq!(worlds, 7 * 4 * 4 * 16);
}

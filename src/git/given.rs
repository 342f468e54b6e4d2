//! Which files rules give to LFS. The git program compares them, because it can be ended: there are rules that take for
//! ever to be compared with a name. It does so in a repository that has nothing but these rules, so that no others count.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::command::{GitCommand, Limit, Objects};
use super::erase::erase;
use super::error::GitError;
use super::lock::{Lock, blocking};
use super::rules::Rules;
use super::settings::Git;

/// A repository for one question. It is erased when this is dropped; what a process that was killed left is erased by
/// whoever gets its place next.
struct Asking {
    dir: PathBuf,
    _lock: Lock,
}

impl Asking {
    fn list(&self) -> PathBuf {
        self.dir.join("list")
    }

    fn answers(&self) -> PathBuf {
        self.dir.join("answers")
    }

    /// Makes it anew, with the rules as its index and the paths as a list.
    fn fill(&self, rules: &Rules, paths: &[Vec<u8>]) -> Result<(), GitError> {
        erase(&self.dir)?;
        let refs = self.dir.join("refs");
        fs::create_dir_all(&refs).map_err(GitError::io("create", &refs))?;
        let mut list = paths.join(&0);
        list.push(0);
        let head = (self.dir.join("HEAD"), b"ref: refs/heads/none\n".to_vec());
        let config = (self.dir.join("config"), b"[core]\n\tbare = true\n".to_vec());
        for (path, bytes) in [head, config, (self.list(), list)] {
            fs::write(&path, bytes).map_err(GitError::io("write", &path))?;
        }
        rules.write(&self.dir.join("index"))
    }
}

impl Drop for Asking {
    fn drop(&mut self) {
        if let Err(error) = erase(&self.dir) {
            tracing::warn!(dir = %self.dir.display(), %error, "could not remove rules that were asked about");
        }
    }
}

impl Git {
    /// Which of the paths the rules give to LFS: as many answers as paths, in their order.
    ///
    /// # Errors
    /// [`GitError::SlowRules`] when comparing them takes too long.
    pub(super) async fn given_to_lfs(
        &self,
        vault: &Path,
        rules: Rules,
        paths: Vec<Vec<u8>>,
    ) -> Result<Vec<bool>, GitError> {
        if paths.is_empty() {
            return Ok(Vec::new());
        }
        let asking = self.place_to_ask(vault).await?;
        let (asking, rules, paths) = blocking("write rules", move || {
            asking.fill(&rules, &paths)?;
            Ok((asking, rules, paths))
        })
        .await?;
        let (objects, list, answers) = (vault.join("objects"), asking.list(), asking.answers());
        let call = GitCommand::new("check-attr", &asking.dir).objects(Objects::Only(&objects)).thrifty();
        let call = call.limit(Limit::Short).input(&list).output(&answers).at_once();
        let asked = self.must(call.args(["--cached", "--stdin", "-z", "filter"])).await;
        blocking("read what rules say", move || {
            // The repository goes when its answers are read.
            let asking = asking;
            let given = read(&asking.answers(), &paths)?;
            match (asked, paths.get(given.len())) {
                (Err(GitError::TimedOut { seconds, .. }), Some(path)) => {
                    Err(GitError::SlowRules { path: lossy(path), rules: rules.over(path), seconds })
                }
                (Err(error), _) => Err(error),
                (Ok(_), Some(path)) => {
                    Err(GitError::Answer { what: "check-attr", text: format!("nothing of {}", lossy(path)) })
                }
                (Ok(_), None) => Ok(given),
            }
        })
        .await
    }

    /// A place that nobody has. There are so many that hardly anybody waits for one whose rules are slow.
    async fn place_to_ask(&self, vault: &Path) -> Result<Asking, GitError> {
        let place = |n: u8| vault.join("asked").join(n.to_string());
        for n in 0..PLACES {
            match self.lock_within(&place(n), Duration::ZERO).await {
                Ok(lock) => return Ok(Asking { dir: place(n), _lock: lock }),
                Err(GitError::Busy { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        let lock = self.lock(&place(0)).await?;
        Ok(Asking { dir: place(0), _lock: lock })
    }
}

/// The whole answers of a file, each of which has to be about the next of the paths. They are short: no commit comes into
/// a vault with rules of more than 2048 bytes a line.
fn read(file: &Path, paths: &[Vec<u8>]) -> Result<Vec<bool>, GitError> {
    let mut answers = match File::open(file) {
        Ok(file) => BufReader::new(file),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(GitError::Io { what: "read", path: file.into(), source }),
    };
    let mut word = || {
        let mut bytes = Vec::new();
        answers.read_until(0, &mut bytes).map_err(GitError::io("read", file))?;
        Ok((bytes.pop() == Some(0)).then_some(bytes))
    };
    let mut given = Vec::new();
    for path in paths {
        let (Some(about), Some(_), Some(filter)) = (word()?, word()?, word()?) else { break };
        if about != *path {
            let text = format!("{} instead of {}", lossy(&about), lossy(path));
            return Err(GitError::Answer { what: "check-attr", text });
        }
        given.push(filter == b"lfs");
    }
    Ok(given)
}

fn lossy(path: &[u8]) -> String {
    String::from_utf8_lossy(path).into_owned()
}

/// How many may ask at once about the files of one vault.
const PLACES: u8 = 16;

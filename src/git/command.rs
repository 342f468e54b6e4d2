//! The one way in which the git program is run: fixed flags, a fixed environment, a time limit, bounded
//! output. What its output means is read elsewhere.

use std::ffi::OsString;
use std::fs::File;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use process_wrap::tokio::{CommandWrap, ProcessGroup};
use tokio::process::Command;

use crate::domain::remote::{RemoteUrl, Transport};

use super::classify::classify;
use super::error::GitError;
use super::fixed::{FIXED_CONFIG, FIXED_ENV, PASSED_ENV, REMOTE_ENV};
use super::output::{Output, Running};
use super::redact::redact;
use super::settings::Git;

/// What a call may talk to; git is told to refuse every other transport.
#[derive(Debug, Clone, Copy)]
pub(super) enum Reach<'a> {
    /// Nothing but its own repository.
    Nothing,
    /// One remote, with credentials.
    Remote(&'a RemoteUrl),
}

/// How long a call may take; then its whole process group is killed.
#[derive(Debug, Clone, Copy)]
pub(super) enum Limit {
    /// As long as what reads small things of a repository.
    Short,
    /// As long as the settings allow.
    Long,
}

/// Where a call looks for objects.
#[derive(Debug, Clone, Copy)]
pub(super) enum Objects<'a> {
    /// In its repository.
    Own,
    /// In its repository, and in this folder of objects.
    Borrowed(&'a Path),
    /// In this folder of objects alone.
    Only(&'a Path),
}

/// A call of the git program: every one there is goes through here.
#[derive(Debug, Clone)]
pub(super) struct GitCommand<'a> {
    what: &'static str,
    git_dir: &'a Path,
    reach: Reach<'a>,
    limit: Limit,
    objects: Objects<'a>,
    thrifty: bool,
    files: Option<(&'a Path, &'a Path)>,
    input: Option<&'a Path>,
    output: Option<&'a Path>,
    at_once: bool,
    args: Vec<OsString>,
}

impl<'a> GitCommand<'a> {
    /// The subcommand in a repository, which is never discovered from a folder. It may talk to nobody, and take
    /// as long as the settings allow.
    pub(super) fn new(what: &'static str, git_dir: &'a Path) -> Self {
        Self {
            what,
            git_dir,
            reach: Reach::Nothing,
            limit: Limit::Long,
            objects: Objects::Own,
            thrifty: false,
            files: None,
            input: None,
            output: None,
            at_once: false,
            args: Vec::new(),
        }
    }

    /// With these arguments after the subcommand and those before.
    pub(super) fn args(mut self, args: impl IntoIterator<Item = impl Into<OsString>>) -> Self {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }

    /// Which may talk to that.
    pub(super) fn reach(mut self, reach: Reach<'a>) -> Self {
        self.reach = reach;
        self
    }

    /// Which may take that long.
    pub(super) fn limit(mut self, limit: Limit) -> Self {
        self.limit = limit;
        self
    }

    /// Which finds its objects there.
    pub(super) fn objects(mut self, objects: Objects<'a>) -> Self {
        self.objects = objects;
        self
    }

    /// Which takes at once no more memory than any sound object needs: what it reads is an agent's.
    pub(super) fn thrifty(mut self) -> Self {
        self.thrifty = true;
        self
    }

    /// Which writes files into a folder and notes them in an index.
    pub(super) fn files(mut self, folder: &'a Path, index: &'a Path) -> Self {
        self.files = Some((folder, index));
        self
    }

    /// Which reads that file as its standard input.
    pub(super) fn input(mut self, file: &'a Path) -> Self {
        self.input = Some(file);
        self
    }

    /// Whose standard output goes into that file, which is made anew.
    pub(super) fn output(mut self, file: &'a Path) -> Self {
        self.output = Some(file);
        self
    }

    /// Which writes each answer as soon as it has it, also into a file.
    pub(super) fn at_once(mut self) -> Self {
        self.at_once = true;
        self
    }
}

impl Git {
    /// Runs git and hands back its output, whatever its exit status.
    pub(super) async fn run(&self, call: GitCommand<'_>) -> Result<Output, GitError> {
        let what = call.what;
        let command = self.prepare(&call)?;
        tracing::debug!(what, git_dir = %call.git_dir.display(), "git");
        let child = CommandWrap::from(command)
            .wrap(ProcessGroup::leader())
            .spawn()
            .map_err(|source| GitError::Spawn { what, source })?;
        let limit = match call.limit {
            Limit::Short => self.settings().timeout.min(SHORT),
            Limit::Long => self.settings().timeout,
        };
        Running::new(what, child).finish(limit).await
    }

    /// Runs git; a failure exit is an error of the class that its text shows.
    pub(super) async fn must(&self, call: GitCommand<'_>) -> Result<Vec<u8>, GitError> {
        let what = call.what;
        let output = self.run(call).await?;
        if output.success {
            return Ok(output.stdout);
        }
        Err(GitError::Failed { what, class: classify(&output.stderr), text: redact(output.stderr.trim()) })
    }

    fn prepare(&self, call: &GitCommand<'_>) -> Result<Command, GitError> {
        let mut command = Command::new("git");
        // Nothing of our environment reaches git but what is named here: no GIT_DIR, no GIT_SSH.
        command.env_clear().envs(FIXED_ENV.iter().copied());
        let remote = matches!(call.reach, Reach::Remote(_));
        let passed = PASSED_ENV.iter().chain(if remote { REMOTE_ENV } else { &[] });
        command.envs(passed.filter_map(|name| Some((name, std::env::var_os(name)?))));
        command.env("GIT_ALLOW_PROTOCOL", protocol(call.reach));
        self.log_in(&mut command, remote);
        match call.objects {
            Objects::Own => {}
            Objects::Borrowed(folder) => drop(command.env("GIT_ALTERNATE_OBJECT_DIRECTORIES", folder)),
            Objects::Only(folder) => drop(command.env("GIT_OBJECT_DIRECTORY", folder)),
        }
        if call.thrifty {
            command.env("GIT_ALLOC_LIMIT", ALLOC_MAX);
        }
        if call.at_once {
            command.env("GIT_FLUSH", "1");
        }
        for setting in FIXED_CONFIG {
            command.arg("-c").arg(setting);
        }
        let option = |name: &str, path: &Path| {
            let mut text = OsString::from(name);
            text.push(path);
            text
        };
        command.arg(option("--git-dir=", call.git_dir));
        if let Some((folder, index)) = call.files {
            command.args(["-c", "core.bare=false"]).arg(option("--work-tree=", folder));
            command.env("GIT_INDEX_FILE", index);
        }
        command.arg(call.what).args(&call.args).current_dir(&self.settings().vault_root);
        command.stdin(match call.input {
            Some(path) => File::open(path).map_err(GitError::io("read", path))?.into(),
            None => Stdio::null(),
        });
        command.stdout(match call.output {
            Some(path) => File::create(path).map_err(GitError::io("write", path))?.into(),
            None => Stdio::piped(),
        });
        command.stderr(Stdio::piped());
        Ok(command)
    }

    /// Which helper is asked for credentials. It may hold a secret, and everybody on the machine sees the arguments
    /// of a program, so that it goes by the environment, after an empty one that forgets what files name. The list
    /// that is given so is read before the one of `-c`, which therefore must not speak of helpers.
    fn log_in(&self, command: &mut Command, remote: bool) {
        let helper = self.settings().credential_helper.as_deref().filter(|_| remote);
        command.env("GIT_CONFIG_COUNT", if helper.is_some() { "2" } else { "1" });
        for (number, value) in std::iter::once("").chain(helper).enumerate() {
            command.env(format!("GIT_CONFIG_KEY_{number}"), "credential.helper");
            command.env(format!("GIT_CONFIG_VALUE_{number}"), value);
        }
    }
}

fn protocol(reach: Reach<'_>) -> &'static str {
    match reach {
        Reach::Nothing => "none",
        Reach::Remote(url) => match url.transport() {
            Transport::Https => "https",
            Transport::Http => "http",
            Transport::Ssh => "ssh",
            Transport::File => "file",
        },
    }
}

/// In git's units.
const ALLOC_MAX: &str = "1g";
const SHORT: Duration = Duration::from_secs(30);

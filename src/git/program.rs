//! The settings, and the one way in which the git program is called: fixed flags, a fixed
//! environment, a time limit, bounded output. What its output means is read elsewhere.

use std::ffi::OsString;
use std::fs::{self, DirBuilder};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use process_wrap::tokio::{CommandWrap, ProcessGroup};
use tokio::process::Command;

use crate::domain::remote::{RemoteUrl, Transport};

use super::classify::classify;
use super::error::GitError;
use super::output::{Output, Running};
use super::redact::redact;

/// Where repositories are kept and how git is run.
#[derive(Debug, Clone)]
pub struct GitSettings {
    /// The folder of worktrees; agents write below it.
    pub worktree_root: PathBuf,
    /// The folder of vaults; only the server writes below it.
    pub vault_root: PathBuf,
    /// How long one git command may take; 120 s is usual.
    pub timeout: Duration,
    /// The credential helper for https, as git's `credential.helper` takes it.
    pub credential_helper: Option<String>,
}

/// Everything that is done with repositories.
#[derive(Debug, Clone)]
pub struct Git {
    settings: GitSettings,
}

/// What a call may talk to; git is told to refuse every other transport.
#[derive(Clone, Copy)]
pub(super) enum Reach<'a> {
    /// Nothing but its own repository.
    Nothing,
    /// Other repositories of this machine, without credentials.
    Disk,
    /// One remote, with credentials.
    Remote(&'a RemoteUrl),
}

/// One call of the git program.
#[derive(Clone)]
pub(super) struct Call<'a> {
    /// The subcommand, for errors.
    pub what: &'static str,
    /// The repository, never discovered from a folder.
    pub git_dir: &'a Path,
    /// What it may talk to.
    pub reach: Reach<'a>,
    /// The subcommand and its arguments.
    pub args: Vec<OsString>,
}

impl Git {
    /// Takes the settings and makes the two roots, open to this user alone.
    ///
    /// # Errors
    /// [`GitError::BadRoot`] when a root is relative, one lies in the other, or others may write to the
    /// vaults; [`GitError::Io`] when a root cannot be made.
    pub fn new(mut settings: GitSettings) -> Result<Git, GitError> {
        settings.worktree_root = root(&settings.worktree_root)?;
        settings.vault_root = root(&settings.vault_root)?;
        let (work, vault) = (&settings.worktree_root, &settings.vault_root);
        if work.starts_with(vault) || vault.starts_with(work) {
            return Err(GitError::BadRoot {
                path: work.clone(),
                why: "worktrees and vaults need separate folders",
            });
        }
        let mode = fs::metadata(vault).map_err(GitError::io("read", vault))?.permissions().mode();
        if mode & 0o022 != 0 {
            return Err(GitError::BadRoot { path: vault.clone(), why: "others may write to it" });
        }
        for inner in ["locks", "places"] {
            root(&vault.join(inner))?;
        }
        Ok(Self { settings })
    }

    /// The settings, with the roots as absolute paths without links.
    #[must_use]
    pub fn settings(&self) -> &GitSettings {
        &self.settings
    }

    /// Runs git and hands back its output, whatever its exit status.
    pub(super) async fn run(&self, call: Call<'_>) -> Result<Output, GitError> {
        let what = call.what;
        let mut command = Command::new("git");
        self.prepare(&mut command, &call);
        tracing::debug!(what, git_dir = %call.git_dir.display(), "git");
        let child = CommandWrap::from(command)
            .wrap(ProcessGroup::leader())
            .spawn()
            .map_err(|source| GitError::Spawn { what, source })?;
        Running::new(what, child).finish(self.settings.timeout).await
    }

    /// Runs git; a failure exit is an error of the class that its text shows.
    pub(super) async fn must(&self, call: Call<'_>) -> Result<Vec<u8>, GitError> {
        let what = call.what;
        let output = self.run(call).await?;
        if output.success {
            return Ok(output.stdout);
        }
        Err(GitError::Failed { what, class: classify(&output.stderr), text: redact(output.stderr.trim()) })
    }

    fn prepare(&self, command: &mut Command, call: &Call<'_>) {
        // Nothing of our environment reaches git but what is named here: no GIT_DIR, no GIT_SSH.
        command.env_clear().envs(FIXED_ENV.iter().copied());
        let remote = matches!(call.reach, Reach::Remote(_));
        let passed = PASSED_ENV.iter().chain(if remote { REMOTE_ENV } else { &[] });
        command.envs(passed.filter_map(|name| Some((name, std::env::var_os(name)?))));
        command.env("GIT_ALLOW_PROTOCOL", protocol(call.reach));
        for setting in FIXED_CONFIG {
            command.arg("-c").arg(setting);
        }
        if let (Some(helper), true) = (&self.settings.credential_helper, remote) {
            command.arg("-c").arg(format!("credential.helper={helper}"));
        }
        let mut git_dir = OsString::from("--git-dir=");
        git_dir.push(call.git_dir);
        command.arg(git_dir).args(&call.args);
        command.current_dir(&self.settings.vault_root);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    }
}

fn protocol(reach: Reach<'_>) -> &'static str {
    match reach {
        Reach::Nothing => "none",
        Reach::Disk => "file",
        Reach::Remote(url) => match url.transport() {
            Transport::Https => "https",
            Transport::Http => "http",
            Transport::Ssh => "ssh",
            Transport::File => "file",
        },
    }
}

fn root(path: &Path) -> Result<PathBuf, GitError> {
    if !path.is_absolute() {
        return Err(GitError::BadRoot { path: path.into(), why: "it is not an absolute path" });
    }
    DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(GitError::io("create", path))?;
    fs::canonicalize(path).map_err(GitError::io("read", path))
}

/// Settings of the command line win over every file, so also over what an agent writes into the
/// clone's config. An empty value of a list (credential.helper) forgets what files said.
const FIXED_CONFIG: &[&str] = &[
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.attributesFile=/dev/null",
    "core.sshCommand=ssh -oBatchMode=yes",
    "core.askPass=",
    "credential.helper=",
    "protocol.ext.allow=never",
    "protocol.version=2",
    "submodule.recurse=false",
    "fetch.recurseSubmodules=false",
    "push.recurseSubmodules=no",
    "push.followTags=false",
    "push.gpgSign=false",
    "branch.autoSetupMerge=false",
    "worktree.useRelativePaths=false",
    "gc.auto=0",
    "maintenance.auto=false",
    "advice.detachedHead=false",
];

const FIXED_ENV: &[(&str, &str)] = &[
    ("LC_ALL", "C"),
    ("GIT_CONFIG_NOSYSTEM", "1"),
    ("GIT_CONFIG_GLOBAL", "/dev/null"),
    ("GIT_ATTR_NOSYSTEM", "1"),
    ("GIT_TERMINAL_PROMPT", "0"),
    ("GIT_ASKPASS", ""),
    ("GIT_NO_LAZY_FETCH", "1"),
    ("GIT_OPTIONAL_LOCKS", "0"),
    ("GIT_PROTOCOL_FROM_USER", "0"),
];

const PASSED_ENV: &[&str] = &["PATH", "HOME", "USER", "LOGNAME", "TMPDIR"];

/// What ssh, proxies and credential helpers need; only commands that talk to a remote get it.
const REMOTE_ENV: &[&str] = &[
    "SSH_AUTH_SOCK",
    "XDG_RUNTIME_DIR",
    "DBUS_SESSION_BUS_ADDRESS",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "http_proxy",
    "https_proxy",
    "HTTPS_PROXY",
    "all_proxy",
    "ALL_PROXY",
    "no_proxy",
    "NO_PROXY",
];

//! The canaries: a script that leaves a mark, a remote and an address that nobody should ask, and a folder that
//! nobody should read or write.

use std::fs;
use std::io::ErrorKind;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::git::ground::{Ground, command, run};

pub(super) struct Trap {
    pub root: PathBuf,
    /// Leaves a mark when it is run.
    pub script: String,
    /// A repository whose settings run the script, with all the hooks there are.
    pub evil: PathBuf,
    /// A remote that takes whatever is pushed.
    pub thief: String,
    /// A folder that is none of the cell's.
    pub outside: PathBuf,
    /// The address of the true remote.
    pub url: String,
    marks: PathBuf,
    door: TcpListener,
}

/// A trap by its name.
pub(super) struct Vector {
    pub name: &'static str,
    /// Sets it in a cell that has a commit of its own.
    pub plant: fn(&Trap, &Path),
    pub bait: Bait,
}

/// How plain git is seen to step into it.
pub(super) enum Bait {
    /// This line makes a canary sing.
    Sings(&'static str),
    /// This line never ends.
    Waits(&'static str),
    /// This line prints that, which is not so.
    Lies(&'static str, &'static str),
    /// This line fails.
    Fails(&'static str),
    /// It does not, as git of today has it; what is planted is inert there too.
    Inert,
}

impl Trap {
    pub(super) fn new(ground: &Ground) -> Self {
        let root = ground.dir.path().canonicalize().unwrap();
        let (marks, script) = (root.join("marks"), root.join("script"));
        fs::create_dir(&marks).unwrap();
        // nobody waits for it, and whoever reads what it says gets nothing
        fs::write(&script, format!("#!/bin/sh\n: > {}/ran.$$\nexit 0\n", marks.display())).unwrap();
        fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
        run(&root, &["init", "-q", "--bare", "thief.git"]);
        let door = TcpListener::bind("127.0.0.1:0").unwrap();
        door.set_nonblocking(true).unwrap();
        let trap = Self {
            evil: root.join("evil"),
            thief: root.join("thief.git").display().to_string(),
            outside: root.join("outside"),
            url: ground.url.to_string(),
            script: script.display().to_string(),
            root: root.clone(),
            marks,
            door,
        };
        run(&root, &["clone", "-q", &trap.url, "evil"]);
        trap.config(&trap.evil, &format!("[core]\nfsmonitor = {}\n", trap.script));
        trap.hooks(&trap.evil.join(".git/hooks"));
        trap.disarm();
        trap
    }

    /// Adds to the settings of a repository; `SCRIPT`, `THIEF`, `URL`, `OUTSIDE`, `ROOT` and `DOOR` stand for what
    /// they are here.
    pub(super) fn config(&self, cell: &Path, text: &str) {
        let path = cell.join(".git/config");
        let before = fs::read_to_string(&path).unwrap();
        fs::write(path, before + &self.filled(text)).unwrap();
    }

    pub(super) fn filled(&self, text: &str) -> String {
        let words = [
            ("SCRIPT", self.script.clone()),
            ("THIEF", self.thief.clone()),
            ("URL", self.url.clone()),
            ("OUTSIDE", self.outside.display().to_string()),
            ("ROOT", self.root.display().to_string()),
            ("DOOR", format!("http://{}", self.door.local_addr().unwrap())),
        ];
        words.iter().fold(text.to_owned(), |text, (word, value)| text.replace(word, value))
    }

    /// Writes the script as every hook.
    pub(super) fn hooks(&self, folder: &Path) {
        fs::create_dir_all(folder).unwrap();
        for name in HOOKS {
            fs::copy(&self.script, folder.join(name)).unwrap();
        }
    }

    /// A pipe in place of a file.
    pub(super) fn pipe(&self, path: &Path) {
        let _ = fs::remove_file(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
    }

    /// Makes every canary silent again.
    pub(super) fn disarm(&self) {
        let _ = fs::remove_dir_all(&self.marks);
        fs::create_dir(&self.marks).unwrap();
        for name in run(Path::new(&self.thief), &["for-each-ref", "--format=%(refname)"]).lines() {
            run(Path::new(&self.thief), &["update-ref", "-d", name]);
        }
        let _ = fs::remove_dir_all(&self.outside);
        fs::create_dir(&self.outside).unwrap();
        fs::write(self.outside.join("precious"), "not the cell's").unwrap();
        while self.door.accept().is_ok() {}
    }

    /// The canary that sings.
    pub(super) fn song(&self) -> Option<&'static str> {
        let silent = matches!(self.door.accept(), Err(error) if error.kind() == ErrorKind::WouldBlock);
        let names: Vec<_> =
            fs::read_dir(&self.outside).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        let touched = names != ["precious"]
            || fs::read_to_string(self.outside.join("precious")).unwrap() != "not the cell's";
        let stolen = !run(Path::new(&self.thief), &["for-each-ref"]).is_empty();
        let ran = fs::read_dir(&self.marks).unwrap().count() > 0;
        [
            (ran, "code ran"),
            (stolen, "commits went elsewhere"),
            (touched, "a folder outside was touched"),
            (!silent, "another host was asked"),
        ]
        .into_iter()
        .find_map(|(is, what)| is.then_some(what))
    }

    /// Shows that plain git steps into the trap.
    pub(super) fn prove(&self, vector: &Vector, cell: &Path) -> &'static str {
        let name = vector.name;
        let said = |line: &str, seconds: u64| {
            let plain = command(cell, &[]);
            let mut shell = Command::new("timeout");
            shell
                .args(["-s", "KILL", &seconds.to_string(), "sh", "-c", &self.filled(line)])
                .current_dir(cell);
            shell.envs(plain.get_envs().filter_map(|(key, value)| Some((key, value?))));
            shell.env("GIT_TERMINAL_PROMPT", "0").stdin(Stdio::null()).output().unwrap()
        };
        match vector.bait {
            Bait::Sings(line) => {
                let begun = Instant::now();
                let out = said(line, 20);
                let text = String::from_utf8_lossy(&out.stderr).into_owned();
                let mut song = self.song();
                // a program may be started that plain git does not wait for
                while song.is_none() && begun.elapsed() < Duration::from_secs(5) {
                    std::thread::yield_now();
                    song = self.song();
                }
                song.unwrap_or_else(|| panic!("{name} is no trap: {text}"))
            }
            Bait::Waits(line) => {
                let out = said(line, 1);
                assert!(out.status.code().is_none_or(|code| code == 137), "{name} does not wait: {out:?}");
                "waits for ever"
            }
            Bait::Lies(line, what) => {
                let out = said(line, 20);
                assert_eq!(String::from_utf8_lossy(&out.stdout).trim(), what, "{name}: {out:?}");
                "is told what is not so"
            }
            Bait::Fails(line) => {
                assert!(!said(line, 20).status.success(), "{name} does not fail");
                "fails"
            }
            Bait::Inert => "is not moved either",
        }
    }
}

const HOOKS: &[&str] = &[
    "applypatch-msg",
    "pre-applypatch",
    "post-applypatch",
    "pre-commit",
    "pre-merge-commit",
    "prepare-commit-msg",
    "commit-msg",
    "post-commit",
    "pre-rebase",
    "post-checkout",
    "post-merge",
    "pre-push",
    "pre-receive",
    "update",
    "proc-receive",
    "post-receive",
    "post-update",
    "reference-transaction",
    "push-to-checkout",
    "pre-auto-gc",
    "post-rewrite",
    "sendemail-validate",
    "fsmonitor-watchman",
    "post-index-change",
];

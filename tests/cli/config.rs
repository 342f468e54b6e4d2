//! Which source wins: a flag, our variable, the original's variable, the file, the default.

use std::path::{Path, PathBuf};

use sprintgate::cli::config::{Config, ConfigError, Database, Environment, Flags, Loaded, load};
use tempfile::TempDir;

use super::home::write;

/// The settings of a home folder with this file and these variables.
fn loaded(file: &str, variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("config.toml");
    write(&path, file, 0o600);
    let flags = Flags { config: Some(path), database: None };
    let env = Environment::of([("HOME", "/home/ann")].into_iter().chain(variables.iter().copied()));
    load(&flags, &env, false).map(|loaded| loaded.config)
}

/// One setting in all its sources; each value wins over those before it.
struct Setting {
    default: &'static str,
    file: &'static str,
    theirs: (&'static str, &'static str),
    ours: (&'static str, &'static str),
    read: fn(&Config) -> String,
    /// What is read for the file, their and our value.
    read_as: [&'static str; 3],
}

fn file(path: impl Into<PathBuf>) -> Database {
    Database::File(path.into())
}

fn path(path: &Path) -> String {
    path.display().to_string()
}

#[test]
fn each_source_wins_over_the_next() {
    let settings = [
        Setting {
            default: "/home/ann/.local/share/sprintgate/sprintgate.db",
            file: "database = '/f.db'",
            theirs: ("SCRUM4ME_DATABASE", "/t.db"),
            ours: ("SPRINTGATE_DATABASE", "/o.db"),
            read: |c| c.database.to_string(),
            read_as: ["/f.db", "/t.db", "/o.db"],
        },
        Setting {
            default: "none",
            file: "token = 'f'",
            theirs: ("SCRUM4ME_TOKEN", "t"),
            ours: ("SPRINTGATE_TOKEN", "o"),
            read: |c| c.token.as_ref().map_or("none".into(), |t| t.reveal().to_owned()),
            read_as: ["f", "t", "o"],
        },
        Setting {
            default: "/home/ann/.sprintgate-worktrees",
            file: "worktree_root = '~/w'",
            theirs: ("SCRUM4ME_AGENT_WORKTREE_DIR", "~/t"),
            ours: ("SPRINTGATE_AGENT_WORKTREE_DIR", "/o"),
            read: |c| path(&c.worktree_root),
            read_as: ["/home/ann/w", "/home/ann/t", "/o"],
        },
        Setting {
            default: "/home/ann/.local/share/sprintgate/vault",
            file: "vault_root = '/f'",
            theirs: ("SCRUM4ME_VAULT_ROOT", "/t"),
            ours: ("SPRINTGATE_VAULT_ROOT", "/o"),
            read: |c| path(&c.vault_root),
            read_as: ["/f", "/t", "/o"],
        },
        Setting {
            default: "/home/ann/.local/state/sprintgate",
            file: "state_dir = '/f'",
            theirs: ("SCRUM4ME_STATE_DIR", "/t"),
            ours: ("SPRINTGATE_STATE_DIR", "/o"),
            read: |c| path(&c.state_dir),
            read_as: ["/f", "/t", "/o"],
        },
        Setting {
            default: "300",
            file: "lease_seconds = 1",
            theirs: ("SCRUM4ME_LEASE_SECONDS", "2"),
            ours: ("SPRINTGATE_LEASE_SECONDS", "3600"),
            read: |c| c.lease_seconds.to_string(),
            read_as: ["1", "2", "3600"],
        },
        Setting {
            default: "/home/ann/Projects",
            file: "projects = '/f'",
            theirs: ("SCRUM4ME_PROJECTS", "/t"),
            ours: ("SPRINTGATE_PROJECTS", "/o"),
            read: |c| path(c.projects.as_ref().unwrap()),
            read_as: ["/f", "/t", "/o"],
        },
        Setting {
            default: "",
            file: "agent = ['f', '-x']",
            theirs: ("SCRUM4ME_AGENT", "t  -y"),
            ours: ("SPRINTGATE_AGENT", r#"["o o", ""]"#),
            read: |c| c.agent.join("|"),
            read_as: ["f|-x", "t|-y", "o o|"],
        },
        Setting {
            default: "none",
            file: "credential_helper = 'f'",
            theirs: ("SCRUM4ME_CREDENTIAL_HELPER", "t"),
            ours: ("SPRINTGATE_CREDENTIAL_HELPER", "o"),
            read: |c| c.credential_helper.clone().unwrap_or("none".into()),
            read_as: ["f", "t", "o"],
        },
        Setting {
            default: "none",
            file: "repo_roots.app = '/f'",
            theirs: ("SCRUM4ME_REPO_ROOT_REPO_app", "/t"),
            ours: ("SPRINTGATE_REPO_ROOT_REPO_app", "/o"),
            read: |c| c.repo_roots.get("app").map_or("none".into(), |p| path(p)),
            read_as: ["/f", "/t", "/o"],
        },
        Setting {
            default: "none",
            file: "[repo_roots]\n0199c = '/f'",
            theirs: ("SCRUM4ME_REPO_ROOT_0199c", "/t"),
            ours: ("SPRINTGATE_REPO_ROOT_0199c", "/o"),
            read: |c| c.repo_roots.get("0199c").map_or("none".into(), |p| path(p)),
            read_as: ["/f", "/t", "/o"],
        },
    ];
    for Setting { default, file, theirs, ours, read, read_as } in settings {
        let read = |file, variables: &[(&str, &str)]| read(&loaded(file, variables).unwrap());
        let empty = (ours.0, "");
        assert_eq!(read("", &[]), default, "{}", ours.0);
        assert_eq!(read("", &[empty]), default, "{} is empty", ours.0);
        assert_eq!(read(file, &[]), read_as[0], "{file}");
        assert_eq!(read(file, &[theirs]), read_as[1], "{}", theirs.0);
        assert_eq!(read(file, &[theirs, empty]), read_as[1], "{} and an empty one", theirs.0);
        assert_eq!(read(file, &[theirs, ours]), read_as[2], "{}", ours.0);
    }
}

#[test]
fn the_host_has_a_name_by_itself() {
    assert!(!loaded("", &[]).unwrap().host.is_empty());
    assert_eq!(loaded("host = 'f'", &[]).unwrap().host, "f");
    assert_eq!(loaded("host = 'f'", &[("SPRINTGATE_HOST", "o")]).unwrap().host, "o");
}

#[test]
fn what_makes_a_worktree_ready_has_a_limit() {
    let file = "[prepare.app]\ncommand = ['npm', 'ci']\n[prepare.site]\ncommand = ['make']\nseconds = 5";
    let prepare = loaded(file, &[]).unwrap().prepare;
    let told: Vec<_> = prepare
        .iter()
        .map(|(repo, one)| (repo.as_str(), one.command.join(" "), one.limit.as_secs()))
        .collect();
    assert_eq!(told, [("app", "npm ci".to_owned(), 600), ("site", "make".to_owned(), 5)]);
}

#[test]
fn a_repository_is_called_by_its_name_or_by_any_spelling_of_its_address() {
    let file = "[repo_roots]\napp = '/a'\n'git@Example.org:ann/app.git' = '/b'\n'/srv/app.git' = '/c'\n\
                [prepare.'https://example.org/Ann/app']\ncommand = ['make']";
    let config = loaded(file, &[]).unwrap();
    let roots: Vec<&str> = config.repo_roots.keys().map(String::as_str).collect();
    assert_eq!(roots, ["/srv/app", "app", "example.org/ann/app"]);
    assert_eq!(config.prepare.keys().collect::<Vec<_>>(), ["example.org/ann/app"]);
    let twice =
        "prepare.'https://example.org/a/b'.command = ['x']\nprepare.'git@example.org:a/b'.command = ['y']";
    assert!(loaded(twice, &[]).unwrap_err().to_string().contains("is there twice"));
    let twice = "[repo_roots]\n'https://example.org/a/b' = '/x'\n'git@example.org:a/b' = '/y'";
    assert!(loaded(twice, &[]).unwrap_err().to_string().contains("is there twice"));
    let hush = "prepare.'https://ann:hush@example.org/a/b'.command = ['x']";
    let refused = loaded(hush, &[]).unwrap_err().to_string();
    assert!(
        refused.contains("a password does not belong in an address") && !refused.contains("hush"),
        "{refused}"
    );
}

#[test]
fn the_database_flag_wins_over_all() {
    let dir = TempDir::new().unwrap();
    let named = dir.path().join("c.toml");
    write(&named, "database = '/f.db'", 0o600);
    let flags = Flags { config: Some(named), database: Some(PathBuf::from("rel.db")) };
    let env = Environment::of([("HOME", "/h"), ("SPRINTGATE_DATABASE", "/o.db")]);
    let Loaded { config, file_database, .. } = load(&flags, &env, false).unwrap();
    assert_eq!(config.database, file(std::env::current_dir().unwrap().join("rel.db")));
    assert_eq!(file_database, Some(file("/f.db")));
}

#[test]
fn a_server_is_named_by_its_address() {
    let place =
        |file: &str, variables: &[(&str, &str)]| loaded(file, variables).unwrap().database.to_string();
    let (f, o, t, a) = ("postgres://f/d", "postgres://o/d", "postgres://t/d", "postgres://a/d");
    let (ours, theirs, anybodys) =
        (("SPRINTGATE_DATABASE_URL", o), ("SCRUM4ME_DATABASE_URL", t), ("DATABASE_URL", a));
    let by_file = format!("database = '{f}'");
    assert_eq!(place("", &[anybodys]), "a:5432/d");
    assert_eq!(place(&by_file, &[anybodys]), "f:5432/d", "it may be another program's");
    assert_eq!(place("database = '/f.db'", &[anybodys]), "/f.db");
    assert_eq!(place(&by_file, &[anybodys, theirs]), "t:5432/d");
    assert_eq!(place(&by_file, &[anybodys, theirs, ours]), "o:5432/d");
    assert_eq!(place(&by_file, &[theirs, ("SPRINTGATE_DATABASE", "/o.db")]), "/o.db");
    assert_eq!(place("", &[("SPRINTGATE_DATABASE", o)]), "o:5432/d");
    assert_eq!(place(&by_file, &[("DATABASE_URL", "mysql://h/d")]), "f:5432/d");
}

#[test]
fn a_password_is_neither_taken_from_the_command_line_nor_shown() {
    let of_flag = |text: &str| {
        let flags = Flags { config: None, database: Some(text.into()) };
        load(&flags, &Environment::of([("HOME", "/nowhere")]), false).map(|loaded| loaded.config)
    };
    assert_eq!(of_flag("postgres://ann@h/d").unwrap().database.to_string(), "h:5432/d");
    let error = of_flag("postgres://ann:secret@h/d").unwrap_err();
    assert!(error.to_string().contains("SPRINTGATE_DATABASE_URL"), "{error}");
    assert!(!format!("{error} {error:?}").contains("secret"), "{error:?}");
    let config = loaded("database = 'postgres://ann:secret@h/d'", &[]).unwrap();
    assert!(!format!("{config:?}").contains("secret"), "{config:?}");
    let error = loaded("", &[("SPRINTGATE_DATABASE_URL", "postgres://ann:secret@h:x/d")]).unwrap_err();
    assert!(!format!("{error} {error:?}").contains("secret"), "{error:?}");
}

#[test]
fn without_a_home_all_can_be_said() {
    let dir = TempDir::new().unwrap();
    let named = dir.path().join("c.toml");
    write(&named, "worktree_root = '/w'\nvault_root = '/v'\nstate_dir = '/s'", 0o600);
    let flags =
        |database: Option<&str>| Flags { config: Some(named.clone()), database: database.map(Into::into) };
    let env = Environment::default();
    let config = load(&flags(Some("/d.db")), &env, false).unwrap().config;
    assert_eq!((config.database, config.projects), (file("/d.db"), None));
    assert_eq!(load(&flags(None), &env, false).unwrap_err().code(), "NO_HOME");
}

#[test]
fn base_folders_move_the_defaults() {
    let dir = TempDir::new().unwrap();
    let config_home = dir.path().to_str().unwrap();
    let env = Environment::of([
        ("HOME", "/h"),
        ("XDG_CONFIG_HOME", config_home),
        ("XDG_DATA_HOME", "/data"),
        ("XDG_STATE_HOME", "/state"),
    ]);
    let loaded = load(&Flags::default(), &env, false).unwrap();
    assert_eq!(loaded.file, dir.path().join("sprintgate/config.toml"));
    assert_eq!(loaded.config.database, file("/data/sprintgate/sprintgate.db"));
    assert_eq!(loaded.config.vault_root, PathBuf::from("/data/sprintgate/vault"));
    assert_eq!(loaded.config.state_dir, PathBuf::from("/state/sprintgate"));
}

/// A file, variables, and the code of the error.
type Refused = (&'static str, &'static [(&'static str, &'static str)], &'static str);

#[test]
fn values_that_do_not_fit_are_refused() {
    let cases: &[Refused] = &[
        ("colour = 'red'", &[], "CONFIG_INVALID"),
        ("token = ", &[], "CONFIG_INVALID"),
        ("token = 'a b'", &[], "CONFIG_INVALID"),
        ("token = ''", &[], "CONFIG_INVALID"),
        ("lease_seconds = 0", &[], "CONFIG_INVALID"),
        ("lease_seconds = 3601", &[], "CONFIG_INVALID"),
        ("lease_seconds = -1", &[], "CONFIG_INVALID"),
        ("lease_seconds = '5'", &[], "CONFIG_INVALID"),
        ("database = 'relative.db'", &[], "CONFIG_INVALID"),
        ("database = 'postgres:h/d'", &[], "CONFIG_INVALID"),
        ("database = 'mysql://h/d'", &[], "CONFIG_INVALID"),
        ("database = \"/a\\u0000b\"", &[], "CONFIG_INVALID"),
        ("agent = 'one'", &[], "CONFIG_INVALID"),
        ("host = 'a b'", &[], "CONFIG_INVALID"),
        ("repo_roots.app = 'rel'", &[], "CONFIG_INVALID"),
        ("prepare.app.command = []", &[], "CONFIG_INVALID"),
        ("prepare.app.command = ['']", &[], "CONFIG_INVALID"),
        ("prepare.app.command = 'npm ci'", &[], "CONFIG_INVALID"),
        ("prepare.app.seconds = 5", &[], "CONFIG_INVALID"),
        ("prepare.app = { command = ['npm'], seconds = 0 }", &[], "CONFIG_INVALID"),
        ("prepare.app = { command = ['npm'], seconds = 3601 }", &[], "CONFIG_INVALID"),
        ("prepare.app = { command = ['npm'], shell = true }", &[], "CONFIG_INVALID"),
        ("", &[("SPRINTGATE_LEASE_SECONDS", "3601")], "CONFIG_INVALID"),
        ("", &[("SPRINTGATE_LEASE_SECONDS", "5s")], "CONFIG_INVALID"),
        ("", &[("SPRINTGATE_LEASE_SECONDS", "99999999999")], "CONFIG_INVALID"),
        ("", &[("SPRINTGATE_AGENT", "[1]")], "CONFIG_INVALID"),
        ("", &[("SPRINTGATE_AGENT", "[")], "CONFIG_INVALID"),
        ("", &[("SCRUM4ME_TOKEN", "a\nb")], "CONFIG_INVALID"),
        ("", &[("SPRINTGATE_HOST", "a\u{1b}")], "CONFIG_INVALID"),
        ("", &[("SPRINTGATE_REPO_ROOT_", "/a")], "CONFIG_INVALID"),
        ("", &[("SPRINTGATE_REPO_ROOT_REPO_", "/a")], "CONFIG_INVALID"),
        ("", &[("SPRINTGATE_DATABASE", "sqlite:/a")], "CONFIG_INVALID"),
        ("", &[("SPRINTGATE_DATABASE_URL", "postgres://h:port/d")], "CONFIG_INVALID"),
        ("", &[("SPRINTGATE_DATABASE_URL", "mysql://h/d")], "CONFIG_INVALID"),
        (
            "",
            &[("SPRINTGATE_DATABASE_URL", "postgres://h/d"), ("SPRINTGATE_DATABASE", "/a")],
            "CONFIG_INVALID",
        ),
        ("", &[("DATABASE_URL", "mysql://h/d")], "CONFIG_INVALID"),
        ("", &[("DATABASE_URL", "/a")], "CONFIG_INVALID"),
        ("", &[("XDG_DATA_HOME", "data")], "CONFIG_INVALID"),
        ("", &[("HOME", "home")], "CONFIG_INVALID"),
        ("", &[("HOME", "")], "NO_HOME"),
    ];
    for (file, variables, code) in cases {
        let error = loaded(file, variables).expect_err(&format!("{file} {variables:?}"));
        assert_eq!(error.code(), *code, "{file} {variables:?}: {error}");
    }
}

#[test]
fn an_error_does_not_repeat_the_token() {
    for file in
        ["token = 'sg_secret value'", "token = 'sg_secret", "token = ['sg_secret']", "token 'sg_secret'"]
    {
        let error = loaded(file, &[]).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("sg_secret"), "{error:?}");
    }
    let error = loaded("", &[("SPRINTGATE_TOKEN", "sg_secret\t")]).unwrap_err();
    assert!(!format!("{error} {error:?}").contains("sg_secret"), "{error:?}");
}

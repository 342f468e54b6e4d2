//! Which config files are read at all.

use std::fs;
use std::os::unix::fs::symlink;

use super::home::{Home, mode, write};

#[test]
fn a_file_that_others_may_read_or_write_is_refused() {
    for (bits, good) in [
        (0o600, true),
        (0o400, true),
        (0o700, true),
        (0o640, false),
        (0o620, false),
        (0o604, false),
        (0o602, false),
        (0o644, false),
        (0o666, false),
        (0o777, false),
    ] {
        let home = Home::new();
        write(&home.config(), "", bits);
        let answer = home.run(&["job", "list"]);
        if good {
            answer.refused(3, "NOT_INITIALISED");
        } else {
            answer.refused(2, "CONFIG_UNSAFE");
            assert!(
                answer.stderr.contains("hint: ") && answer.stderr.contains("chmod 600"),
                "{}",
                answer.stderr
            );
        }
    }
}

#[test]
fn init_never_touches_a_file_that_it_cannot_read() {
    let cases: &[(&[u8], u32, &str)] = &[
        (b"token = 'a'", 0o644, "CONFIG_UNSAFE"),
        (b"what = 'is this'", 0o600, "CONFIG_INVALID"),
        (b"{}", 0o600, "CONFIG_INVALID"),
        (b"\xff\xfe", 0o600, "CONFIG_UNREADABLE"),
        (&[b'#'; 1024 * 1024 + 1], 0o600, "CONFIG_UNREADABLE"),
    ];
    for (text, bits, code) in cases {
        let home = Home::new();
        write(&home.config(), "", *bits);
        fs::write(home.config(), text).unwrap();
        home.run(&["init"]).refused(2, code);
        assert_eq!(fs::read(home.config()).unwrap(), *text);
        assert!(!home.database().exists(), "{code}");
    }
}

#[test]
fn a_folder_or_a_pipe_is_no_config_file() {
    let home = Home::new();
    fs::create_dir_all(home.config()).unwrap();
    home.run(&["init"]).refused(2, "CONFIG_UNREADABLE");
    home.run(&["job", "list", "--config", "/dev/null"]).refused(2, "CONFIG_UNREADABLE");
}

#[test]
fn a_file_that_was_named_must_be_there() {
    let home = Home::new();
    home.run(&["job", "list", "--config", "none.toml"]).refused(3, "CONFIG_MISSING");
    home.run(&["init", "--config", "sub/own.toml"]).ok();
    home.run(&["job", "list", "--config", "sub/own.toml"]).ok();
    assert_eq!(mode(&home.path().join("sub/own.toml")), 0o600);
    assert_eq!(mode(&home.path().join("sub")), 0o700);
}

#[test]
fn a_link_stays_a_link() {
    let home = Home::new();
    let real = home.path().join("dotfiles/sprintgate.toml");
    write(&real, "lease_seconds = 60\n", 0o600);
    fs::create_dir_all(home.config().parent().unwrap()).unwrap();
    symlink(&real, home.config()).unwrap();
    home.run(&["init"]).ok();
    assert!(home.config().is_symlink());
    let text = fs::read_to_string(real).unwrap();
    assert!(text.contains("lease_seconds = 60") && text.contains("token = "), "{text}");
}

#[test]
fn a_draft_that_was_left_behind_is_no_obstacle() {
    let home = Home::new();
    write(&home.config().with_file_name(".config.toml.draft"), "half", 0o600);
    home.run(&["init"]).ok();
    assert!(!home.config().with_file_name(".config.toml.draft").exists());
}

#[test]
fn no_value_of_the_file_is_repeated() {
    for text in [
        "lease_seconds = 'sg_hush'",
        "agent = 'sg_hush'",
        "repo_roots = 'sg_hush'",
        "repo_roots = 'sg_hush\", expected sg_hush'",
        "token = ['sg_hush']",
        "token = sg_hush",
        "token = 'sg_hush",
        "token = 'sg hush sg_hush'",
        "toke = 'sg_hush'",
        "host = 'sg_hush here'",
        "database = 'sg_hush://here'",
    ] {
        let home = Home::new();
        write(&home.config(), text, 0o600);
        for flags in [&["job", "list"][..], &["init"], &["--json", "mcp"]] {
            let answer = home.run(flags);
            assert_eq!(answer.status, 2, "{text}: {answer:?}");
            assert!(!format!("{answer:?}").contains("sg_hush"), "{text}: {answer:?}");
        }
    }
}

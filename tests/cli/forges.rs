//! The list of forges: which token a host gets, and what is refused without being repeated.

use std::os::unix::fs::symlink;

use sprintgate::cli::config::{Config, ConfigError, Environment, Flags, ForgeConfig, load};
use tempfile::TempDir;

use super::home::{Home, write};

const GITHUB: &str = "host = 'github.com'\nkind = 'github'";
const FORGEJO: &str = "host = 'Git.Example.org:3000'\nkind = 'forgejo'";

fn loaded(dir: &TempDir, forges: &[&str], variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let path = dir.path().join("config.toml");
    let text: String = forges.iter().map(|forge| format!("[[forges]]\n{forge}\n")).collect();
    write(&path, &text, 0o600);
    let flags = Flags { config: Some(path), database: None };
    let env = Environment::of([("HOME", "/home/ann")].into_iter().chain(variables.iter().copied()));
    load(&flags, &env, false).map(|loaded| loaded.config)
}

/// The hosts and their tokens.
fn tokens(config: &Config) -> Vec<(String, String)> {
    let one = |forge: &ForgeConfig| (forge.host.to_string(), forge.token.expose().to_owned());
    config.forges.iter().map(one).collect()
}

#[test]
fn a_host_has_the_token_that_is_named_or_that_of_its_usual_variable() {
    let dir = TempDir::new().unwrap();
    write(&dir.path().join("token"), "of-file\n", 0o600);
    let by_file = format!("{FORGEJO}\ntoken_file = '{}/token'", dir.path().display());
    let by_name = format!("{GITHUB}\ntoken_env = 'MINE'");
    let all = [
        ("MINE", "mine"),
        ("GITHUB_TOKEN", "usual"),
        ("GH_TOKEN", "short"),
        ("FORGEJO_TOKEN", "theirs"),
        ("FORGEJO_HOSTS", "else.example.org, https://git.example.org:3000/"),
    ];
    for (forge, variables, token) in [
        (by_name.as_str(), &all[..], "mine"),
        (GITHUB, &all[..], "usual"),
        (GITHUB, &all[2..], "short"),
        (by_file.as_str(), &all[..], "of-file"),
        (FORGEJO, &all[..], "theirs"),
        (FORGEJO, &[("FORGEJO_TOKEN", "tt-own"), ("FORGEJO_HOST", "git.example.org:3000")], "tt-own"),
    ] {
        let config = loaded(&dir, &[forge], variables).unwrap();
        let host = if forge.contains("github") { "github.com" } else { "git.example.org:3000" };
        assert_eq!(tokens(&config), [(host.to_owned(), token.to_owned())], "{forge} {variables:?}");
        assert!(!format!("{config:?}").contains(token), "{config:?}");
    }
    assert_eq!(tokens(&loaded(&dir, &[], &all).unwrap()), [], "a host that is not listed");
}

#[test]
fn a_forge_without_a_token_or_with_a_strange_one_is_refused_by_its_key() {
    let dir = TempDir::new().unwrap();
    let at = |name: &str| dir.path().join(name).display().to_string();
    write(&dir.path().join("open"), "sg_hush", 0o640);
    write(&dir.path().join("run"), "sg_hush", 0o700);
    write(&dir.path().join("two"), "sg_hush sg_hush", 0o600);
    write(&dir.path().join("large"), &"sg_hush".repeat(2000), 0o600);
    std::fs::create_dir(dir.path().join("folder")).unwrap();
    symlink("/dev/zero", dir.path().join("link")).unwrap();
    let file = |name: &str| format!("{GITHUB}\ntoken_file = '{}'", at(name));
    let with = |line: &str| format!("{GITHUB}\n{line}");
    let variables = [("SET", "sg_hush"), ("SPACED", "sg_hush here"), ("FORGEJO_TOKEN", "sg_hush")];
    for (forge, key, why) in [
        (GITHUB.to_owned(), "forges[1].token_env", "GITHUB_TOKEN"),
        (FORGEJO.to_owned(), "forges[1].token_env", "FORGEJO_HOST"),
        ("host = 'ghe.example.org'\nkind = 'github'".into(), "forges[1].token_env", "no token for ghe"),
        (with("token_env = 'sg_hush'"), "forges[1].token_env", "not set"),
        (with("token_env = 'SPACED'"), "forges[1].token_env", "leads to no token"),
        (with("token_env = 'SET'\ntoken_file = '/t'"), "forges[1].token_file", "beside token_env"),
        (with("token_file = 'here'"), "forges[1].token_file", "not an absolute path"),
        (file("none"), "forges[1].token_file", "cannot be read"),
        (file("open"), "forges[1].token_file", "mode is 640"),
        (file("run"), "forges[1].token_file", "mode is 700"),
        (file("two"), "forges[1].token_file", "leads to no token"),
        (file("large"), "forges[1].token_file", "larger than"),
        (file("folder"), "forges[1].token_file", "not a file"),
        (file("link"), "forges[1].token_file", "not a file"),
        (with("token_env = 'SET'\napi = 'https://sg_hush@h/'"), "forges[1].api", "without user"),
        (with("token_env = 'SET'\nca_file = 'ca.pem'"), "forges[1].ca_file", "not an absolute path"),
        ("host = 'a b'\nkind = 'github'".into(), "forges[1].host", "is no host"),
        ("host = 'h.org'\nkind = 'sg_hush'".into(), "forges[1].kind", "neither github nor forgejo"),
        (with("token = 'sg_hush'"), "line 4", "unknown field"),
        (
            format!("{0}\ntoken_env = 'SET'\n[[forges]]\n{0}\ntoken_env = 'SET'", GITHUB),
            "forges[2].host",
            "twice",
        ),
    ] {
        let error = loaded(&dir, &[&forge], &variables).unwrap_err();
        let told = error.to_string();
        assert!(told.contains(key) && told.contains(why), "{forge}\n{told}");
        assert!(!format!("{told} {error:?}").contains("sg_hush"), "{forge}\n{error:?}");
        assert_eq!(error.code(), "CONFIG_INVALID", "{forge}");
    }
}

#[test]
fn the_program_speaks_to_no_forge_whose_settings_do_not_fit() {
    let home = Home::new();
    home.run(&["init"]).ok();
    let made = std::fs::read_to_string(home.config()).unwrap();
    let listed = |lines: &str| format!("{made}\n[[forges]]\n{GITHUB}\ntoken_env = 'HOME'\n{lines}\n");
    write(&home.config(), &listed("api = 'http://elsewhere.example.org'"), 0o600);
    let answer = home.run(&["product", "list"]);
    answer.refused(2, "CONFIG_INVALID");
    assert!(answer.stderr.contains("elsewhere.example.org"), "{}", answer.stderr);
    write(&home.config(), &listed("ca_file = '/nowhere.pem'"), 0o600);
    home.run(&["product", "list"]).refused(2, "CONFIG_INVALID");
    write(&home.config(), &listed(""), 0o600);
    home.run(&["product", "list"]).ok();
    let answer = home.run(&["runner", "--once", "--pass-env", "HOME"]);
    answer.refused(2, "BAD_ARGUMENT");
    assert!(answer.stderr.contains("not for agents"), "{}", answer.stderr);
}

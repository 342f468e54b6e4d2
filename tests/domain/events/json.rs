//! What cannot stand in JSON, in a line or in a stream of events is escaped.

use sprintgate::domain::event::{Json, Value};

#[test]
fn texts_are_escaped() {
    let text = "\"\\/\n\r\t\u{0}\u{1b}\u{7f}\u{85}\u{2028}\u{2029}é漢😀";
    let json = Json::default().with("a", text).with("b", -3).maybe("c", None::<&str>);
    let expected = r#"{"a":"\"\\/\n\r\t\u0000\u001b\u007f\u0085\u2028\u2029é漢😀","b":-3}"#;
    assert_eq!(json.to_string(), expected);
    assert_eq!(json.fields(), [("a", Value::Text(text.to_owned())), ("b", Value::Number(-3))]);
    assert_eq!(Json::default().to_string(), "{}");
}

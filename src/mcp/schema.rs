//! JSON schemas of arguments and answers, in the plainest form that says the same: no references, no number formats,
//! no lists of types.

use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema};
use serde_json::{Map, Value, json};

/// What a tool accepts.
pub(super) fn input<T: JsonSchema>() -> Map<String, Value> {
    root::<T>(SchemaSettings::draft2020_12().for_deserialize())
}

/// What a tool answers.
pub(super) fn output<T: JsonSchema>() -> Map<String, Value> {
    root::<T>(SchemaSettings::draft2020_12().for_serialize())
}

fn root<T: JsonSchema>(settings: SchemaSettings) -> Map<String, Value> {
    let settings = settings
        .with(|s| {
            s.meta_schema = None;
            s.inline_subschemas = true;
        })
        .with_transform(RecursiveTransform(plain));
    let mut schema = settings.into_generator().into_root_schema_for::<T>();
    let mut object = schema.as_object_mut().map(std::mem::take).unwrap_or_default();
    // The name and the text of a Rust type; the tool has its own.
    object.remove("title");
    object.remove("description");
    object.entry("properties").or_insert_with(|| json!({}));
    object
}

/// The one transformation, applied to every schema within.
fn plain(schema: &mut Schema) {
    let Some(object) = schema.as_object_mut() else { return };
    object.remove("default");
    if object.get("type").is_some_and(is_number) {
        object.remove("format");
    }
    words(object);
    let required = object.get("required").cloned().unwrap_or_else(|| json!([]));
    let Some(Value::Object(properties)) = object.get_mut("properties") else { return };
    for (name, property) in properties {
        let Value::Object(property) = property else { continue };
        let always = required.as_array().is_some_and(|all| all.iter().any(|one| one == name));
        optional(property, always);
    }
}

fn is_number(kind: &Value) -> bool {
    let one = |kind: &Value| kind == "integer" || kind == "number";
    one(kind) || kind.as_array().is_some_and(|kinds| kinds.iter().any(one))
}

/// A property that may be left out need not be null as well; one that is always there may say that there is nothing.
fn optional(property: &mut Map<String, Value>, always: bool) {
    if let Some(Value::Array(kinds)) = property.get("type").cloned() {
        let [kind] = kinds.iter().filter(|kind| *kind != "null").collect::<Vec<_>>()[..] else { return };
        let kind = kind.clone();
        let description = property.remove("description");
        property.insert("type".to_owned(), kind);
        if always {
            let inner = Value::Object(std::mem::take(property));
            property.insert("anyOf".to_owned(), json!([inner, { "type": "null" }]));
        }
        property.extend(description.map(|text| ("description".to_owned(), text)));
    }
    if always {
        return;
    }
    if let Some(Value::Array(choices)) = property.get("anyOf").cloned() {
        let [Value::Object(one)] = choices.iter().filter(|one| one["type"] != "null").collect::<Vec<_>>()[..]
        else {
            return;
        };
        property.remove("anyOf");
        for (key, value) in one {
            property.entry(key.clone()).or_insert_with(|| value.clone());
        }
    }
}

/// A choice among constants becomes a list of words, with what each means in the description.
fn words(object: &mut Map<String, Value>) {
    let Some(Value::Array(choices)) = object.get("oneOf").cloned() else { return };
    let words: Vec<&Value> = choices.iter().filter_map(|one| one.get("const")).collect();
    if words.len() != choices.len() {
        return;
    }
    let meanings = choices.iter().filter_map(|one| {
        Some(format!("`{}`: {}", one.get("const")?.as_str()?, one.get("description")?.as_str()?))
    });
    let mut text: Vec<String> =
        object.get("description").and_then(Value::as_str).map(str::to_owned).into_iter().collect();
    text.extend(meanings);
    let (words, text) = (json!(words), text.join(" "));
    object.remove("oneOf");
    object.insert("type".to_owned(), json!("string"));
    object.insert("enum".to_owned(), words);
    object.insert("description".to_owned(), json!(text));
}

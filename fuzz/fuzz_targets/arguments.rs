//! Any JSON object as the arguments of any tool: read, or refused with a field's name on one short line.

#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value};
use sprintgate::reading::{
    CheckQueueEmpty, CreatePbi, CreateStory, CreateTask, GetClaudeContext, JobHeartbeat, ListProducts,
    MarkPbiPrMerged, SetPbiPr, Unfit, UpdateJobStatus, UpdateTaskPlan, UpdateTaskStatus, VerifyTask,
    WaitForJob, read_arguments,
};

fn refusal<T>(read: Result<T, Unfit>) {
    if let Err(unfit) = read {
        let said = unfit.to_string();
        assert!(!said.chars().any(char::is_control) && said.chars().count() <= 500, "{said:?}");
    }
}

fuzz_target!(|text: &[u8]| {
    let Some((tool, json)) = text.split_first() else { return };
    let Ok(given) = serde_json::from_slice::<Map<String, Value>>(json) else { return };
    match tool % 14 {
        0 => refusal(read_arguments::<WaitForJob>(given)),
        1 => refusal(read_arguments::<UpdateJobStatus>(given)),
        2 => refusal(read_arguments::<VerifyTask>(given)),
        3 => refusal(read_arguments::<JobHeartbeat>(given)),
        4 => refusal(read_arguments::<CreatePbi>(given)),
        5 => refusal(read_arguments::<CreateStory>(given)),
        6 => refusal(read_arguments::<CreateTask>(given)),
        7 => refusal(read_arguments::<UpdateTaskStatus>(given)),
        8 => refusal(read_arguments::<UpdateTaskPlan>(given)),
        9 => refusal(read_arguments::<CheckQueueEmpty>(given)),
        10 => refusal(read_arguments::<GetClaudeContext>(given)),
        11 => refusal(read_arguments::<SetPbiPr>(given)),
        12 => refusal(read_arguments::<MarkPbiPrMerged>(given)),
        _ => refusal(read_arguments::<ListProducts>(given)),
    }
});

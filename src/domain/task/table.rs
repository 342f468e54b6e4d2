//! The task machine on one page: every edge there is.

use crate::domain::machine::transitions;

transitions! { typed;
    born ToDo;

    ToDo       => InProgress on Begin,
    ToDo       => Review     on Submit,
    ToDo       => Done       on Complete,
    ToDo       => Failed     on Fail,
    ToDo       => Excluded   on Exclude,

    InProgress => ToDo       on PutBack,
    InProgress => Review     on Submit,
    InProgress => Done       on Complete,
    InProgress => Failed     on Fail,
    InProgress => Excluded   on Exclude,

    Review     => ToDo       on PutBack,
    Review     => InProgress on Begin,
    Review     => Done       on Complete,
    Review     => Failed     on Fail,
    Review     => Excluded   on Exclude,

    Done       => ToDo       on Reopen,
    Failed     => ToDo       on Reopen,
    Excluded   => ToDo       on Reopen,
}

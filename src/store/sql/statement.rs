//! Every statement has a name, and stands in one list that tests prepare and explain.

/// Declares named statements and the list of them.
macro_rules! statements {
    ($($(#[$meta:meta])* $name:ident = $sql:expr;)+) => {
        $($(#[$meta])* const $name: &str = $sql;)+
        pub(super) const ALL: &[(&str, &str)] = &[$((stringify!($name), $name),)+];
    };
}

/// A condition on a product's id: a user, `$1` where none is named, owns the product or is a member of it.
macro_rules! visible {
    ($product:literal) => {
        visible!($product, to "$1")
    };
    ($product:literal, to $user:literal) => {
        concat!(
            "EXISTS (SELECT 1 FROM products v WHERE v.id = ",
            $product,
            " AND (v.user_id = ",
            $user,
            " OR EXISTS (SELECT 1 FROM product_members m WHERE m.product_id = v.id AND m.user_id = ",
            $user,
            ")))"
        )
    };
}

/// The products that user `$1` owns or is a member of, for lists that begin with them.
macro_rules! seen {
    () => {
        "(SELECT id FROM products WHERE user_id = $1 \
         UNION ALL SELECT product_id FROM product_members WHERE user_id = $1)"
    };
}

pub(super) use {seen, statements, visible};

#pragma once

#include <cstdint>
#include <optional>

#include <QMetaType>
#include <Qt>

namespace scr::tables {

/// What a cell means; a delegate chooses colour and weight from it.
enum class Meaning { Plain, Muted, Strong, Good, Warning, Bad, Key };

enum Role {
    SortRole = Qt::UserRole + 1,
    KeyRole,        ///< QString: key of the row's item
    SeverityRole,   ///< int of domain::Severity
    SecondLineRole, ///< QString: second line of a two-line row
    MeaningRole,    ///< int of Meaning
    NumberRole,     ///< double or qlonglong; present: the column is numeric and right aligned
    SignedRole,     ///< bool: the number is shown with its sign
    ImpactRole,     ///< QVariant of Impact
    FlagStateRole,  ///< int of domain::FlagState
    ActorRole,      ///< QString: who is on it, empty: nobody
    AccessibleRole  ///< QString: the whole row in one sentence
};

/// Rank of a post with and without the flagged votes; 0: no post is ranked by them.
struct Impact {
    std::int64_t with{};
    std::int64_t without{};

    friend bool operator==(Impact, Impact) = default;
};

} // namespace scr::tables

Q_DECLARE_METATYPE(scr::tables::Impact)

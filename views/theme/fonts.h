#pragma once

#include <QFont>

namespace scr::theme {

enum class Type {
    Total,
    Headline,
    Title,
    Section,
    Body,
    BodyStrong,
    Dense,
    DenseStrong,
    Header,
    Caption,
    CaptionStrong,
    Mono,
    MonoSmall
};

[[nodiscard]] QFont fontOf(Type type);
[[nodiscard]] int lineHeightOf(Type type);

} // namespace scr::theme

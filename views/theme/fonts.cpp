#include "theme/fonts.h"

#include <array>
#include <optional>

#include <QFontDatabase>
#include <QStringList>

namespace scr::theme {

namespace {

struct Face {
    Type type;
    int pixels;
    int lineHeight;
    QFont::Weight weight;
    bool mono;
};

constexpr std::array kFaces{
    Face{Type::Total, 22, 28, QFont::DemiBold, false},
    Face{Type::Headline, 18, 24, QFont::DemiBold, false},
    Face{Type::Title, 15, 20, QFont::DemiBold, false},
    Face{Type::Section, 13, 20, QFont::DemiBold, false},
    Face{Type::Body, 13, 20, QFont::Normal, false},
    Face{Type::BodyStrong, 13, 20, QFont::Medium, false},
    Face{Type::Dense, 12, 18, QFont::Normal, false},
    Face{Type::DenseStrong, 12, 18, QFont::DemiBold, false},
    Face{Type::Header, 12, 18, QFont::Medium, false},
    Face{Type::Caption, 11, 16, QFont::Normal, false},
    Face{Type::CaptionStrong, 11, 16, QFont::DemiBold, false},
    Face{Type::Mono, 11, 17, QFont::Normal, true},
    Face{Type::MonoSmall, 9, 14, QFont::Normal, true},
};

const Face& faceOf(Type type)
{
    return kFaces[static_cast<std::size_t>(type)];
}

QStringList familiesOf(bool mono)
{
    const QFontDatabase::SystemFont fallback = mono ? QFontDatabase::FixedFont : QFontDatabase::GeneralFont;
    return {mono ? QStringLiteral("DejaVu Sans Mono") : QStringLiteral("Inter"), QFontDatabase::systemFont(fallback).family()};
}

} // namespace

namespace {

QFont makeFont(Type type)
{
    static const QStringList kText = familiesOf(false);
    static const QStringList kMono = familiesOf(true);
    const Face& face = faceOf(type);
    QFont font;
    font.setFamilies(face.mono ? kMono : kText);
    font.setPixelSize(face.pixels);
    font.setWeight(face.weight);
    font.setHintingPreference(QFont::PreferNoHinting);
    if (face.mono)
        font.setStyleHint(QFont::Monospace);
    return font;
}

} // namespace

QFont fontOf(Type type)
{
    // A font finds its engine at its first use; made anew for every cell it would search each time. One set a thread, since
    // copies share what they found.
    thread_local std::array<std::optional<QFont>, kFaces.size()> fonts;
    std::optional<QFont>& font = fonts[static_cast<std::size_t>(type)];
    if (!font)
        font = makeFont(type);
    return *font;
}

int lineHeightOf(Type type)
{
    return faceOf(type).lineHeight;
}

} // namespace scr::theme

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/theme.h"

#include <QApplication>
#include <QFile>
#include <QFontDatabase>
#include <QPalette>
#include <QStyle>
#include <QStyleFactory>

#include <array>

// Resources of a static library must be asked for by name, outside any namespace.
static void init_theme_resources() {
    Q_INIT_RESOURCE(icons);
}

namespace weir {
namespace {

struct Pair {
    QRgb light;
    QRgb dark;
};

constexpr Pair pair_of(Token token) {
    switch (token) {
    case Token::Background:
        return {0xFFF5F6F8, 0xFF12161B};
    case Token::Surface:
        return {0xFFFFFFFF, 0xFF191F26};
    case Token::Surface2:
        return {0xFFEEF0F3, 0xFF212932};
    case Token::Border:
        return {0xFFDADEE4, 0xFF2C353F};
    case Token::Grid:
        return {0xFFE7EAEE, 0xFF27303A};
    case Token::Text:
        return {0xFF18202B, 0xFFE3E8EE};
    case Token::Muted:
        return {0xFF5C6878, 0xFF8F9BAA};
    case Token::Accent:
        return {0xFF2361C6, 0xFF6FA4FF};
    case Token::AccentSoft:
        return {0xFFE4EDFB, 0xFF1D2C45};
    case Token::OnAccent:
        return {0xFFFFFFFF, 0xFF12161B};
    case Token::Red:
        return {0xFFBE2C38, 0xFFFF7B84};
    case Token::RedSoft:
        return {0xFFFBE9EA, 0xFF3A1D21};
    case Token::Amber:
        return {0xFFA8690F, 0xFFE7B45C};
    case Token::AmberSoft:
        return {0xFFFBF1DF, 0xFF362A14};
    case Token::Green:
        return {0xFF247446, 0xFF6CC890};
    case Token::GreenSoft:
        return {0xFFE5F3EA, 0xFF15301F};
    case Token::Series1:
        return {0xFF3B6FD4, 0xFF7AA5FF};
    case Token::Series2:
        return {0xFFD9822B, 0xFFF0A35C};
    case Token::Series3:
        return {0xFF2A958A, 0xFF5CC6BA};
    case Token::Series4:
        return {0xFF8458C8, 0xFFB491F0};
    case Token::Series5:
        return {0xFFB84F88, 0xFFE58BBB};
    }
    return {0xFF000000, 0xFFFFFFFF};
}

ThemeChoice g_choice = ThemeChoice::System;
bool g_dark = false;

/// What the desktop's own palette says; asked before ours replaces it.
bool desktop_is_dark() {
    const QPalette palette = QApplication::style()->standardPalette();
    return palette.color(QPalette::Window).lightness() <
           palette.color(QPalette::WindowText).lightness();
}

QPalette make_palette() {
    const auto c = [](Token token) { return Theme::color(token); };
    QPalette p;
    p.setColor(QPalette::Window, c(Token::Background));
    p.setColor(QPalette::WindowText, c(Token::Text));
    p.setColor(QPalette::Base, c(Token::Surface));
    p.setColor(QPalette::AlternateBase, c(Token::Surface2));
    p.setColor(QPalette::Text, c(Token::Text));
    p.setColor(QPalette::PlaceholderText, c(Token::Muted));
    p.setColor(QPalette::Button, c(Token::Surface2));
    p.setColor(QPalette::ButtonText, c(Token::Text));
    p.setColor(QPalette::BrightText, c(Token::Red));
    p.setColor(QPalette::ToolTipBase, c(Token::Surface));
    p.setColor(QPalette::ToolTipText, c(Token::Text));
    p.setColor(QPalette::Highlight, c(Token::AccentSoft));
    p.setColor(QPalette::HighlightedText, c(Token::Text));
    p.setColor(QPalette::Link, c(Token::Accent));
    p.setColor(QPalette::LinkVisited, c(Token::Accent));
    p.setColor(QPalette::Light, c(Token::Surface));
    p.setColor(QPalette::Midlight, c(Token::Surface2));
    p.setColor(QPalette::Mid, c(Token::Border));
    p.setColor(QPalette::Dark, c(Token::Border));
    p.setColor(QPalette::Shadow, c(Token::Border));
    for (const QPalette::ColorRole role :
         {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        p.setColor(QPalette::Disabled, role, c(Token::Muted));
    return p;
}

QString style_sheet() {
    struct Name {
        const char* word;
        Token token;
    };
    // Longer names first: @surface2 must not be read as @surface and a 2.
    static constexpr std::array<Name, 16> names{{{"@background", Token::Background},
                                                 {"@surface2", Token::Surface2},
                                                 {"@surface", Token::Surface},
                                                 {"@border", Token::Border},
                                                 {"@grid", Token::Grid},
                                                 {"@text", Token::Text},
                                                 {"@muted", Token::Muted},
                                                 {"@accentSoft", Token::AccentSoft},
                                                 {"@accent", Token::Accent},
                                                 {"@onAccent", Token::OnAccent},
                                                 {"@redSoft", Token::RedSoft},
                                                 {"@red", Token::Red},
                                                 {"@amberSoft", Token::AmberSoft},
                                                 {"@amber", Token::Amber},
                                                 {"@greenSoft", Token::GreenSoft},
                                                 {"@green", Token::Green}}};
    QFile file(QStringLiteral(":/weir/themes/weir.qss"));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QString sheet = QString::fromUtf8(file.readAll());
    sheet.replace(QLatin1String("@check"),
                  g_dark ? QStringLiteral("check-dark") : QStringLiteral("check-light"));
    sheet.replace(QLatin1String("@chevron"),
                  g_dark ? QStringLiteral("chevron-dark") : QStringLiteral("chevron-light"));
    for (const Name& name : names)
        sheet.replace(QLatin1String(name.word), Theme::color(name.token).name());
    return sheet;
}

QString first_family(std::initializer_list<const char*> wanted) {
    const QStringList families = QFontDatabase::families();
    for (const char* name : wanted) {
        if (families.contains(QLatin1String(name)))
            return QLatin1String(name);
    }
    return {};
}

/// Hears of a change of the desktop's theme and applies it where the user's choice is System.
class DesktopListener : public QObject {
  public:
    using QObject::QObject;
    bool eventFilter(QObject* watched, QEvent* event) override {
        if (watched == qApp && event->type() == QEvent::ThemeChange && !m_busy &&
            g_choice == ThemeChoice::System && desktop_is_dark() != g_dark) {
            m_busy = true;
            Theme::apply(ThemeChoice::System);
            m_busy = false;
        }
        return false;
    }

  private:
    bool m_busy = false;
};

} // namespace

void Theme::apply(ThemeChoice choice) {
    init_theme_resources();
    static bool first = true;
    if (first) {
        QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
        qApp->installEventFilter(new DesktopListener(qApp));
        first = false;
    }
    g_choice = choice;
    g_dark = choice == ThemeChoice::System ? desktop_is_dark() : choice == ThemeChoice::Dark;
    QApplication::setFont(ui_font());
    QApplication::setPalette(make_palette());
    qApp->setStyleSheet(style_sheet());
}

ThemeChoice Theme::choice() {
    return g_choice;
}

bool Theme::is_dark() {
    return g_dark;
}

ThemeChoice Theme::choice_from(const QString& word) {
    return word == QLatin1String("light")  ? ThemeChoice::Light
           : word == QLatin1String("dark") ? ThemeChoice::Dark
                                           : ThemeChoice::System;
}

QString Theme::word(ThemeChoice choice) {
    switch (choice) {
    case ThemeChoice::Light:
        return QStringLiteral("light");
    case ThemeChoice::Dark:
        return QStringLiteral("dark");
    case ThemeChoice::System:
        break;
    }
    return QStringLiteral("system");
}

QFont Theme::ui_font(int pixel_size, int weight) {
    static const QString family = first_family({"Inter", "Inter Variable"});
    QFont font =
        family.isEmpty() ? QFontDatabase::systemFont(QFontDatabase::GeneralFont) : QFont(family);
    font.setPixelSize(pixel_size);
    font.setWeight(QFont::Weight(weight));
    font.setHintingPreference(QFont::PreferNoHinting);
    return font;
}

QFont Theme::mono_font(int pixel_size, int weight) {
    static const QString family = first_family({"JetBrains Mono"});
    QFont font =
        family.isEmpty() ? QFontDatabase::systemFont(QFontDatabase::FixedFont) : QFont(family);
    font.setPixelSize(pixel_size);
    font.setWeight(QFont::Weight(weight));
    font.setHintingPreference(QFont::PreferNoHinting);
    // No ligatures: "</" and "==" are read character by character.
    font.setStyleStrategy(QFont::PreferNoShaping);
    return font;
}

QColor Theme::series(int index) {
    static constexpr std::array<Token, 5> tokens{Token::Series1, Token::Series2, Token::Series3,
                                                 Token::Series4, Token::Series5};
    return color(tokens[static_cast<std::size_t>(index) % tokens.size()]);
}

QColor Theme::color(Token token) {
    const Pair pair = pair_of(token);
    return QColor::fromRgba(is_dark() ? pair.dark : pair.light);
}

} // namespace weir

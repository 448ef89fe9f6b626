// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/icons.h"

#include <QFile>
#include <QIconEngine>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

#include <array>

// Resources of a static library must be asked for by name, outside any namespace.
static void init_icon_resources() {
    Q_INIT_RESOURCE(icons);
}

namespace weir {
namespace {

constexpr std::array<const char*, 34> names{
    "add",      "alarm",   "back",     "backlog", "catalogue", "check",  "chevron-down",
    "clock",    "close",   "columns",  "copy",    "details",   "export", "filter",
    "folder",   "forward", "help",     "info",    "invalid",   "jump",   "key",
    "live",     "lock",    "overview", "pause",   "play",      "plug",   "search",
    "settings", "star",    "stop",     "theme",   "weir",      "zone"};

QByteArray tinted_svg(Icon which, const QColor& color) {
    static const bool ready = (init_icon_resources(), true);
    Q_UNUSED(ready)
    QFile file(QStringLiteral(":/weir/icons/") %
               QLatin1String(names.at(static_cast<std::size_t>(which))) % QStringLiteral(".svg"));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QByteArray svg = file.readAll();
    svg.replace("currentColor", color.name().toLatin1());
    return svg;
}

class TintedEngine : public QIconEngine {
  public:
    TintedEngine(Icon which, Token token)
        : m_which(which)
        , m_token(token) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override {
        QColor color = Theme::color(m_token);
        if (mode == QIcon::Disabled)
            color = Theme::color(Token::Border);
        QSvgRenderer renderer(tinted_svg(m_which, color));
        renderer.render(painter, QRectF(rect));
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
        const QString key = QStringLiteral("weir-icon-%1-%2-%3-%4-%5-%6")
                                .arg(int(m_which))
                                .arg(int(m_token))
                                .arg(int(mode))
                                .arg(size.width())
                                .arg(size.height())
                                .arg(int(Theme::is_dark()));
        QPixmap pixmap;
        if (QPixmapCache::find(key, &pixmap))
            return pixmap;
        pixmap = QPixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(), size), mode, state);
        painter.end();
        QPixmapCache::insert(key, pixmap);
        return pixmap;
    }

    QIconEngine* clone() const override { return new TintedEngine(*this); }

  private:
    Icon m_which;
    Token m_token;
};

} // namespace

QIcon icon(Icon which, Token token) {
    return QIcon(new TintedEngine(which, token));
}

} // namespace weir

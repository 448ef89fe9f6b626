// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/range_popup.h"

#include <QApplication>
#include <QGridLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QStyle>
#include <QVBoxLayout>

#include <algorithm>

#include "connectors/base/types.h"
#include "widgets/common/controls.h"
#include "widgets/common/fuzzy.h"
#include "widgets/common/popup.h"

namespace weir {
namespace {

constexpr int zones_shown_max = 200;

QListWidget* popup_list() {
    auto* list = new QListWidget;
    list->setProperty("weir", QStringLiteral("list"));
    list->setUniformItemSizes(true);
    list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    return list;
}

} // namespace

RangePopup::RangePopup(ViewContext& context, QWidget* parent)
    : QFrame(parent, Qt::Popup)
    , m_context(context)
    , m_presets(popup_list())
    , m_from(new QLineEdit)
    , m_to(new QLineEdit)
    , m_note(new TextLabel({}, TextRole::Muted)) {
    frame_popup(this);
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(12, 12, 12, 12);
    grid->setSpacing(8);
    m_presets->setAccessibleName(tr("Time ranges"));
    m_presets->setFixedWidth(150);
    for (const TimeRange& range : TimeRange::presets())
        m_presets->addItem(range.label(context.clock()));
    m_presets->setFixedHeight(28 * m_presets->count() + 4);
    grid->addWidget(m_presets, 0, 0, 6, 1);
    auto* heading = new TextLabel(tr("From and to"), TextRole::Strong);
    grid->addWidget(heading, 0, 1, 1, 2);
    m_from->setPlaceholderText(tr("2026-11-21 14:00 or now-2h"));
    m_to->setPlaceholderText(tr("now"));
    m_from->setAccessibleName(tr("From"));
    m_to->setAccessibleName(tr("To"));
    m_from->setMinimumWidth(210);
    grid->addWidget(new TextLabel(tr("From"), TextRole::Muted), 1, 1);
    grid->addWidget(m_from, 1, 2);
    grid->addWidget(new TextLabel(tr("To"), TextRole::Muted), 2, 1);
    grid->addWidget(m_to, 2, 2);
    m_note->setWordWrap(true);
    m_note->setMinimumHeight(36);
    m_note->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    grid->addWidget(m_note, 3, 1, 1, 2);
    QPushButton* apply = primary_button(tr("Apply"));
    grid->addWidget(apply, 4, 2, Qt::AlignRight);
    grid->setRowStretch(5, 1);
    connect(apply, &QPushButton::clicked, this, &RangePopup::apply_typed);
    connect(m_from, &QLineEdit::returnPressed, this, &RangePopup::apply_typed);
    connect(m_to, &QLineEdit::returnPressed, this, &RangePopup::apply_typed);
    connect(m_presets, &QListWidget::itemClicked, this,
            [this](QListWidgetItem* item) { apply_preset(m_presets->row(item)); });
    connect(m_presets, &QListWidget::itemActivated, this,
            [this](QListWidgetItem* item) { apply_preset(m_presets->row(item)); });
}

void RangePopup::popUpUnder(QWidget* button) {
    const TimeRange& range = m_context.timeRange();
    const std::vector<TimeRange> presets = TimeRange::presets();
    const auto at = std::find(presets.begin(), presets.end(), range);
    m_presets->setCurrentRow(at == presets.end() ? -1 : static_cast<int>(at - presets.begin()));
    if (range.kind == TimeRange::Kind::Absolute) {
        m_from->setText(m_context.clock().date_time(range.from_us));
        m_to->setText(m_context.clock().date_time(range.to_us));
    }
    m_note->setTone(Token::Muted);
    m_note->setText(tr("Read as %1, by the records' own time").arg(m_context.clock().label()));
    show_at(this, button);
    m_presets->setFocus(Qt::PopupFocusReason);
}

void RangePopup::apply_typed() {
    const std::int64_t now = Micros::now().value();
    std::int64_t from = 0;
    std::int64_t to = now;
    const auto wrong = [this](QLineEdit* field, const QString& why) {
        m_note->setTone(Token::Red);
        m_note->setText(QStringLiteral("▲ ") % why);
        field->setFocus(Qt::OtherFocusReason);
        field->selectAll();
    };
    if (!m_context.clock().parse(m_from->text(), now, from))
        return wrong(m_from, tr("Write a time such as 14:00, 2026-11-21 14:00 or now-2h"));
    if (!m_to->text().trimmed().isEmpty() && !m_context.clock().parse(m_to->text(), now, to))
        return wrong(m_to, tr("Write a time such as 14:00, 2026-11-21 14:00 or now"));
    if (from >= to)
        return wrong(m_to, tr("The end must come after the beginning"));
    hide();
    m_context.setTimeRange(TimeRange::absolute(from, to));
}

void RangePopup::apply_preset(int row) {
    hide();
    if (row >= 0)
        m_context.setTimeRange(TimeRange::presets()[static_cast<std::size_t>(row)]);
}

ZonePopup::ZonePopup(ViewContext& context, QWidget* parent)
    : QFrame(parent, Qt::Popup)
    , m_context(context)
    , m_field(new QLineEdit)
    , m_list(popup_list()) {
    frame_popup(this);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 12, 12, 12);
    column->setSpacing(8);
    m_field->setPlaceholderText(tr("UTC, local, or a zone such as Europe/Berlin"));
    m_field->setAccessibleName(tr("Find a zone"));
    m_field->setMinimumWidth(300);
    m_field->installEventFilter(this);
    m_list->setAccessibleName(tr("Zones"));
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setFixedHeight(252);
    column->addWidget(m_field);
    column->addWidget(m_list);
    connect(m_field, &QLineEdit::textChanged, this, &ZonePopup::search);
    connect(m_field, &QLineEdit::returnPressed, this, &ZonePopup::apply);
    connect(m_list, &QListWidget::itemClicked, this, [this] { apply(); });
}

void ZonePopup::popUpUnder(QWidget* button) {
    m_field->clear();
    search({});
    show_at(this, button);
    m_field->setFocus(Qt::PopupFocusReason);
}

bool ZonePopup::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_field && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Up || key == Qt::Key_Down || key == Qt::Key_PageUp ||
            key == Qt::Key_PageDown) {
            QApplication::sendEvent(m_list, event);
            return true;
        }
    }
    return QFrame::eventFilter(watched, event);
}

void ZonePopup::search(const QString& pattern) {
    struct Hit {
        int score;
        QString id;
    };
    std::vector<Hit> hits;
    const QStringList first{QStringLiteral("utc"), QStringLiteral("local")};
    for (const QString& id : first) {
        if (fuzzy_match(pattern, ZoneClock::from_id(id).label()).score > 0)
            hits.push_back({1'000'000, id});
    }
    for (const QByteArray& zone : QTimeZone::availableTimeZoneIds()) {
        const QString id = QString::fromLatin1(zone);
        if (id == QLatin1String("UTC"))
            continue;
        if (const int score = fuzzy_match(pattern, id).score; score > 0)
            hits.push_back({score, id});
    }
    std::stable_sort(hits.begin(), hits.end(),
                     [](const Hit& a, const Hit& b) { return a.score > b.score; });
    m_list->clear();
    for (const Hit& hit : hits) {
        if (m_list->count() == zones_shown_max)
            break;
        const bool own = first.contains(hit.id);
        auto* item = new QListWidgetItem(own ? ZoneClock::from_id(hit.id).label() : hit.id, m_list);
        item->setData(Qt::UserRole, hit.id);
    }
    m_list->setCurrentRow(0);
}

void ZonePopup::apply() {
    const QListWidgetItem* item = m_list->currentItem();
    if (item == nullptr)
        return;
    hide();
    m_context.setClock(ZoneClock::from_id(item->data(Qt::UserRole).toString()));
}

} // namespace weir

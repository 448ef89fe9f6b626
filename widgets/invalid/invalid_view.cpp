// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/invalid/invalid_view.h"

#include <QJsonObject>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>
#include <map>

#include "connectors/base/qt_text.h"
#include "connectors/base/time_units.h"
#include "models/live/printable.h"
#include "widgets/common/controls.h"
#include "widgets/common/number_text.h"
#include "widgets/common/state_page.h"
#include "widgets/invalid/invalid_pane.h"
#include "widgets/invalid/invalid_table.h"

namespace weir {

namespace {

constexpr int figures_every_ms = 500; // so that they can be read while they grow
constexpr std::size_t series_max = 5;
constexpr double share_limit = 0.01;

RecordRange held(const InvalidSeen& seen, std::int64_t now_us) {
    RecordRange range{INT64_MAX, INT64_MIN};
    for (const auto& lane : seen.lanes)
        for (const auto& bucket : lane->buckets)
            if (bucket->begin_us != INT64_MIN) {
                range.from_us = std::min(range.from_us, bucket->begin_us);
                range.to_us = std::max(range.to_us, bucket->end_us);
            }
    return range.from_us > range.to_us ? RecordRange{now_us - hour_us, now_us} : range;
}

/// Some sixty bars: as few minutes as that takes.
std::int64_t bar_width_us(const RecordRange& range) {
    for (const std::int64_t width_us : {minute_us, 5 * minute_us, 15 * minute_us, hour_us})
        if ((range.to_us - range.from_us) / width_us <= 90)
            return width_us;
    return 6 * hour_us;
}

} // namespace

InvalidView::InvalidView(std::unique_ptr<InvalidSource> source, ViewContext& context,
                         QWidget* parent)
    : FramedView(parent)
    , m_source(std::move(source))
    , m_context(context) {
    build();
    makeCommands();
    connect(&m_context, &ViewContext::timeRangeChanged, this, &InvalidView::renew);
    connect(&m_context, &ViewContext::clockChanged, this, [this] {
        m_table->setClock(m_context.clock());
        m_pane->setClock(m_context.clock());
        m_timeline->setClock(m_context.clock());
        renew();
    });
    refresh();
}

InvalidView::~InvalidView() = default;

void InvalidView::build() {
    m_search = addSearch(tr("Search reasons, fields and messages (Ctrl+L)"), tr("Search reasons"));
    m_split = quiet_button(tr("By type and version"), this);
    m_split->setToolTip(tr("A row for each type, source, platform and app version"));
    m_bots = quiet_button(tr("Bots"), this);
    m_bots->setToolTip(tr("Show what is probably sent by bots, too"));
    for (QPushButton* const button : {m_split, m_bots}) {
        button->setCheckable(true);
        addTool(button);
        connect(button, &QPushButton::clicked, this, &InvalidView::moved);
    }
    addStatusLine(tr("How many events are invalid"));
    m_timeline = new ReasonTimeline(contentParent());
    m_timeline->setClock(m_context.clock());
    m_table = new InvalidTable(contentParent());
    m_table->setClock(m_context.clock());
    m_pane = new InvalidPane(contentParent());
    m_pane->setClock(m_context.clock());
    auto* const content = new QWidget(contentParent());
    auto* const card = new Card(content);
    auto* const inner = new QVBoxLayout(card);
    inner->setContentsMargins(12, 6, 8, 4);
    inner->addWidget(m_timeline);
    card->setFixedHeight(144);
    auto* const all = new QVBoxLayout(content);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(Theme::gap);
    all->addWidget(card);
    QWidget* const first = onCard(m_table, Qt::Vertical, 110);
    QWidget* const second = onCard(m_pane, Qt::Vertical, 150);
    all->addWidget(makeSplitter({Qt::Vertical, {300, 230}, {3, 2}}, first, second), 1);
    setContent(content);
    connect(m_search, &QLineEdit::textChanged, this, &InvalidView::setFilter);
    connect(m_search, &QLineEdit::returnPressed, this, [this] {
        m_table->setFocus();
        Q_EMIT moved();
    });
    connect(m_bots, &QPushButton::toggled, this, &InvalidView::setFilter);
    connect(m_split, &QPushButton::toggled, this, [this](bool split) {
        m_table->setSplit(split);
        renew();
    });
    connect(m_table, &InvalidTable::chosen, this, &InvalidView::showChosen);
    connect(m_table, &InvalidTable::settled, this, &InvalidView::moved);
    connect(m_table, &QTreeView::doubleClicked, this, [this] { openEvents(false); });
    connect(m_pane, &InvalidPane::eventsWanted, this, [this] { openEvents(false); });
    connect(m_pane, &InvalidPane::valueWanted, this, [this] { openEvents(true); });
    connect(m_pane, &InvalidPane::sampleWanted, this, &InvalidView::openSample);
}

// ---- what is shown -----------------------------------------------------------------------------

void InvalidView::chartTick() {
    if (m_stale || !m_age.isValid() || m_age.elapsed() >= figures_every_ms)
        refresh();
}

void InvalidView::renew() {
    m_stale = true;
    refresh();
}

void InvalidView::setFilter() {
    m_table->setFilter(m_search->text(), m_bots->isChecked());
    showTimeline();
}

InvalidQuestion InvalidView::question(const InvalidSeen& seen) const {
    InvalidQuestion asked;
    const std::int64_t now_us = Micros::now().value();
    const TimeRange& range = m_context.timeRange();
    if (range.kind == TimeRange::Kind::Everything) {
        asked.range = held(seen, now_us);
        asked.range.from_us = INT64_MIN; // what is older than stretches are kept for, too
    } else {
        asked.range = {range.begin_us(now_us), std::min(range.end_us(), now_us)};
        asked.before = period_before(asked.range);
    }
    return asked;
}

std::shared_ptr<const InvalidReport> InvalidView::makeReport(const InvalidSeen& seen) const {
    const auto vocabulary = m_source->vocabulary();
    const auto disclosure = m_source->disclosure();
    if (!vocabulary || !disclosure || seen.lanes.empty())
        return std::make_shared<const InvalidReport>();
    InvalidQuestion asked = question(seen);
    if (m_split->isChecked())
        asked.grouping = usual_grouping(*vocabulary);
    asked.partial = !m_source->partial().isEmpty();
    return std::make_shared<const InvalidReport>(
        invalid_report(seen, *vocabulary, *disclosure, asked));
}

void InvalidView::refresh() {
    InvalidSeen seen = m_source->seen();
    const bool follows = m_context.timeRange().kind == TimeRange::Kind::Last;
    if (!m_stale && !follows && seen == m_seen && m_report)
        return;
    m_age.start();
    m_stale = false;
    m_seen = std::move(seen);
    m_vocabulary = m_source->vocabulary();
    m_report = makeReport(m_seen);
    m_table->setReport(m_report, m_vocabulary);
    showTimeline();
    showStatus();
    showState();
}

void InvalidView::showTimeline() {
    if (m_seen.lanes.empty() || !m_report)
        return;
    RecordRange range = m_report->question.range;
    if (range.from_us == INT64_MIN)
        range.from_us = held(m_seen, range.to_us).from_us;
    const auto slices = invalid_slices(m_seen, range, bar_width_us(range));
    std::map<std::pair<InvalidKind, ValueId>, std::uint64_t> sums;
    for (const InvalidSlice& slice : slices)
        for (const auto& [reason, events] : slice.events)
            sums[reason] += events;
    // Who has a colour keeps it; the largest of the others get what is free.
    std::vector<std::pair<std::uint64_t, std::pair<InvalidKind, ValueId>>> ranked;
    for (const auto& [reason, events] : sums)
        ranked.emplace_back(events, reason);
    std::sort(ranked.rbegin(), ranked.rend());
    ranked.resize(std::min(ranked.size(), series_max));
    const auto is_shown = [&](const auto& reason) {
        return std::any_of(ranked.begin(), ranked.end(),
                           [&](const auto& one) { return one.second == reason; });
    };
    m_colors.resize(series_max, {InvalidKind::Failed, no_value});
    for (auto& reason : m_colors)
        if (!is_shown(reason))
            reason = {InvalidKind::Failed, no_value};
    for (const auto& [events, reason] : ranked)
        if (std::find(m_colors.begin(), m_colors.end(), reason) == m_colors.end())
            *std::find(m_colors.begin(), m_colors.end(), std::pair{InvalidKind::Failed, no_value}) =
                reason;
    const InvalidWords& words = *m_seen.lanes.front()->options->words;
    std::vector<ReasonTimeline::Series> series;
    for (const auto& [events, reason] : ranked) {
        QString name = qt(printable(words.reasons.text(reason.second), 60));
        if (reason.first != InvalidKind::Failed)
            name += QStringLiteral(" (") + QLatin1String(to_word(reason.first)) + u')';
        const auto color = std::find(m_colors.begin(), m_colors.end(), reason);
        series.push_back({name, static_cast<int>(color - m_colors.begin())});
    }
    const bool others = sums.size() > ranked.size();
    if (others)
        series.push_back({tr("others"), -1});
    std::vector<ReasonTimeline::Bar> bars;
    for (const InvalidSlice& slice : slices) {
        ReasonTimeline::Bar bar{slice.begin_us, slice.width_us,
                                std::vector<std::uint64_t>(series.size())};
        for (const auto& [reason, events] : slice.events) {
            const auto at =
                std::find_if(ranked.begin(), ranked.end(),
                             [&, r = reason](const auto& one) { return one.second == r; });
            bar.events[static_cast<std::size_t>(at - ranked.begin())] += events;
        }
        bars.push_back(std::move(bar));
    }
    m_timeline->setData(range.from_us, range.to_us, std::move(series), std::move(bars));
}

void InvalidView::showStatus() {
    const InvalidTotals& now = m_report->now;
    QStringList parts;
    if (now.of)
        parts.append(tr("%1 of %2 events are invalid: %3")
                         .arg(count_text(now.invalid()), count_text(*now.of),
                              invalid_share_text(now.share())));
    else
        parts.append(tr("%1 invalid events; of how many is not known: only dead letters are read")
                         .arg(count_text(now.invalid())));
    if (m_report->before && m_report->before->share())
        parts.append(
            tr("%1 in the period before").arg(invalid_share_text(m_report->before->share())));
    if (m_report->checks)
        parts.append(
            tr("%1 passed though they violate their contract").arg(count_text(now.passed)));
    if (now.bots > 0 && !m_bots->isChecked())
        parts.append(tr("%1 of probable bots are hidden").arg(count_text(now.bots)));
    if (m_report->overflowed > 0)
        parts.append(tr("▲ %1 are counted under (other): too many kinds")
                         .arg(count_text(m_report->overflowed)));
    const QString partial = m_source->partial();
    if (!partial.isEmpty())
        parts.append(tr("▲ partial: %1").arg(partial));
    const bool amber = !partial.isEmpty() || m_report->overflowed > 0;
    setStatus(m_report->rows.empty() && !now.of ? QString() : parts.join(QStringLiteral(" · ")),
              amber ? Token::Amber : Token::Muted);
}

void InvalidView::showState() {
    if (!m_report->rows.empty()) {
        showContent();
        return;
    }
    const std::uint64_t seen = m_report->now.of.value_or(0);
    const QString checks = m_report->checks ? QStringLiteral("checks") : QString();
    showPage((seen > 0 ? QStringLiteral("none") : QStringLiteral("nothing")) + checks,
             [&](StatePage& page) {
                 if (seen > 0)
                     page.showEmpty(
                         tr("No invalid event in this time range"),
                         m_report->checks
                             ? tr("None was refused, and none that passed violates its contract.")
                             : tr("No dead letter was read. What passes is not held against "
                                  "contracts: the workspace names none."));
                 else
                     page.showEmpty(tr("No event in this time range"),
                                    tr("Choose a longer one, or wait: dead letters stand here by "
                                       "their reason as soon as they are read."));
             });
}

void InvalidView::showChosen() {
    m_pane->show(m_table->invalidModel()->rowAt(m_table->currentIndex()), m_vocabulary);
    showValues();
}

ViewBadge InvalidView::badge() const {
    constexpr int badge_every_ms = 2'000;
    if (m_badge_age.isValid() && m_badge_age.elapsed() < badge_every_ms)
        return m_badge;
    m_badge_age.start();
    m_badge = {};
    const auto report = makeReport(m_source->seen());
    const auto fresh = std::count_if(report->rows.begin(), report->rows.end(), [](const auto& row) {
        return row.is_new && !row.bot() && row.severity == Severity::Error;
    });
    const auto share = report->now.share();
    if (fresh > 0)
        m_badge = {ViewBadge::Kind::Alarm, static_cast<int>(fresh),
                   fresh == 1 ? tr("1 new reason for invalid events")
                              : tr("%1 new reasons for invalid events").arg(fresh)};
    else if (share && *share > share_limit)
        m_badge = {ViewBadge::Kind::Warning, static_cast<int>(report->rows.size()),
                   tr("%1 of the events are invalid").arg(invalid_share_text(share))};
    return m_badge;
}

bool InvalidView::hasContent() const {
    return showsContent();
}

// ---- place -------------------------------------------------------------------------------------

QJsonObject InvalidView::place() const {
    QJsonObject place{{QStringLiteral("key"), QString::fromLatin1(m_table->chosenKey())}};
    if (!m_search->text().isEmpty())
        place[QStringLiteral("search")] = m_search->text();
    if (!m_dimension.isEmpty())
        place[QStringLiteral("by")] = m_dimension;
    if (m_bots->isChecked())
        place[QStringLiteral("bots")] = true;
    if (m_split->isChecked())
        place[QStringLiteral("split")] = true;
    return place;
}

void InvalidView::goTo(const QJsonObject& place) {
    m_search->setText(place[QStringLiteral("search")].toString());
    m_bots->setChecked(place[QStringLiteral("bots")].toBool());
    m_split->setChecked(place[QStringLiteral("split")].toBool());
    m_dimension = place[QStringLiteral("by")].toString();
    renew();
    m_table->choose(place[QStringLiteral("key")].toString().toLatin1());
}

QWidget* InvalidView::contentFocus() {
    return m_table;
}

QWidget* InvalidView::pageFocus() {
    return m_search;
}

} // namespace weir

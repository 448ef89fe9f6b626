// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/latency/latency_view.h"

#include <QBoxLayout>
#include <QGridLayout>
#include <QJsonObject>
#include <QPushButton>
#include <QScrollArea>
#include <QToolButton>

#include <algorithm>

#include "models/live/printable.h"
#include "widgets/common/gaps_text.h"
#include "widgets/common/number_text.h"
#include "widgets/common/state_page.h"
#include "widgets/latency/difference_list.h"
#include "widgets/latency/heatmap.h"
#include "widgets/latency/latency_lines.h"

namespace weir {

namespace {

constexpr int figures_every_ms = 500; // so that they can be read while they grow

QString policy_word(ClockPolicy policy) {
    switch (policy) {
    case ClockPolicy::Raw:
        break;
    case ClockPolicy::Snowplow:
        return LatencyView::tr("Snowplow's clock");
    case ClockPolicy::Segment:
        return LatencyView::tr("Segment's clock");
    case ClockPolicy::Capped:
        return LatencyView::tr("Capped clock");
    }
    return LatencyView::tr("Raw clock");
}

} // namespace

LatencyView::LatencyView(std::unique_ptr<LatencySource> source, ViewContext& context,
                         QWidget* parent)
    : FramedView(parent)
    , m_source(std::move(source))
    , m_context(context) {
    build();
    makeCommands();
    const auto anew = [this] {
        m_stale = true;
        refresh();
    };
    connect(&m_context, &ViewContext::timeRangeChanged, this, anew);
    connect(&m_context, &ViewContext::clockChanged, this, anew);
    refresh();
}

LatencyView::~LatencyView() = default;

// ---- what is shown -----------------------------------------------------------------------------

void LatencyView::chartTick() {
    if (m_stale || !m_age.isValid() || m_age.elapsed() >= figures_every_ms)
        refresh();
    takeDifferences();
}

void LatencyView::refresh() {
    std::vector<LatencySeen> seen = m_source->seen();
    const std::vector<WatchedTime> watched = m_source->watched();
    QString trouble;
    for (const WatchedTime& one : watched)
        if (trouble.isEmpty())
            trouble = QString::fromStdString(printable(one.trouble));
    const bool follows = m_context.timeRange().kind == TimeRange::Kind::Last;
    if (!m_stale && !follows && seen == m_seen && trouble == m_history_trouble)
        return;
    m_history_trouble = trouble;
    m_age.start();
    m_stale = false;
    m_seen = std::move(seen);
    m_range = latency_range(m_seen, m_context.timeRange(), Micros::now().value());
    const auto vocabulary = m_source->vocabulary();
    m_lines = vocabulary ? latency_lines(m_seen, *vocabulary, m_policy, m_range)
                         : std::vector<LatencyLine>();
    for (LatencyLine& line : m_lines)
        if (line.seen < watched.size() && !watched[line.seen].stretches.empty())
            line.unwatched =
                unwatched(watched[line.seen].stretches, m_range, slice_width_us(m_range));
    if (chosen() == nullptr && hasContent()) {
        const auto broken = std::find_if(m_lines.begin(), m_lines.end(),
                                         [](const LatencyLine& line) { return line.broken(); });
        m_chosen = (broken == m_lines.end() ? m_lines.front() : *broken).key();
    }
    showCards(m_range);
    showHeatmap(m_range);
    showFreshness();
    showSelection();
    showState();
}

const LatencyLine* LatencyView::chosen() const {
    const auto found = std::find_if(m_lines.begin(), m_lines.end(),
                                    [this](const auto& line) { return line.key() == m_chosen; });
    return found == m_lines.end() ? nullptr : &*found;
}

void LatencyView::choose(const QString& key) {
    if (key == m_chosen)
        return;
    m_chosen = key;
    m_heatmap->setSelection(std::nullopt);
    showCards(m_range);
    showHeatmap(m_range);
    Q_EMIT moved();
}

void LatencyView::showCards(const LatencyRange& range) {
    while (m_cards.size() < m_lines.size()) {
        auto* const card = new LatencyCard(m_card_row->parentWidget());
        const std::size_t index = m_cards.size();
        connect(card, &LatencyCard::chosen, this, [this, index] {
            if (index < m_lines.size())
                choose(m_lines[index].key());
        });
        m_card_row->addWidget(card, 1);
        m_cards.push_back(card);
    }
    for (std::size_t i = 0; i < m_cards.size(); ++i) {
        m_cards[i]->setVisible(i < m_lines.size());
        if (i >= m_lines.size())
            continue;
        m_cards[i]->setClock(m_context.clock());
        m_cards[i]->show(m_lines[i], range);
        m_cards[i]->setChosen(m_lines[i].key() == m_chosen);
    }
}

void LatencyView::showHeatmap(const LatencyRange& range) {
    m_clocks->setText(policy_word(m_policy) % QStringLiteral(" ▾"));
    m_heatmap->setClock(m_context.clock());
    const LatencyLine* const line = chosen();
    if (line == nullptr)
        return;
    m_clocks->setEnabled(line->path.by_event_clock);
    m_headline->setText(line->title % QStringLiteral(": ") % line->detail);
    const auto map = std::make_shared<LatencyHeatmap>(
        latency_heatmap(line->slices, range, slice_width_us(range)));
    const QString count = count_text(line->durations.count());
    QStringList words{tr("log scale"),
                      tr("colour is the count per %1").arg(duration_text(map->column_us)),
                      tr("%1 events").arg(line->estimate ? tr("about %1").arg(count) : count)};
    const QString clock = QString::fromStdString(record_clock(m_seen[line->seen], line->path));
    if (clock.contains(QStringLiteral(" and ")))
        words.append(tr("▲ records carry two clocks: %1").arg(clock));
    else if (!clock.isEmpty())
        words.append(tr("record time: %1").arg(clock));
    if (line->durations.negative_count() > 0)
        words.append(
            tr("▲ %1 below 0: clocks disagree").arg(count_text(line->durations.negative_count())));
    if (line->estimate)
        words.append(tr("▲ counts are estimates: too many events were under way"));
    if (line->path.by_event_clock && m_policy != ClockPolicy::Raw) {
        const QuantileSketch raw = latency_of(m_seen[line->seen], line->path.by_raw_clock(), range);
        if (raw.count() > 0)
            words.append(tr("by the raw clock p95 %1").arg(duration_text(raw.quantile(0.95))));
    }
    const QString partial = m_source->partial();
    if (!partial.isEmpty())
        words.append(tr("▲ partial: %1").arg(partial));
    if (const QString gaps = gaps_text(line->unwatched, m_context.clock()); !gaps.isEmpty())
        words.append(tr("not watched: %1").arg(gaps));
    if (!m_history_trouble.isEmpty())
        words.append(tr("▲ %1").arg(m_history_trouble));
    m_map_text->setText(words.join(QStringLiteral(" · ")));
    const bool calm = partial.isEmpty() && m_history_trouble.isEmpty() && !line->estimate;
    m_map_text->setTone(calm ? Token::Muted : Token::Amber);
    m_heatmap->setUnwatched(line->unwatched);
    const std::int64_t slo_us = line->path.slo_p95_us;
    m_heatmap->setLimit(slo_us > 0 ? std::optional(static_cast<double>(slo_us)) : std::nullopt,
                        tr("target p95 %1").arg(duration_text(slo_us)));
    m_heatmap->setMarks(marks(*line));
    m_heatmap->setData(map);
}

/// When app versions came up that were not there before: what often explains a change.
std::vector<ChartMark> LatencyView::marks(const LatencyLine& line) const {
    constexpr std::size_t marks_max = 3;
    const auto vocabulary = m_source->vocabulary();
    const auto dimension = vocabulary ? dimension_number(*vocabulary, "app_version") : std::nullopt;
    std::vector<ChartMark> made;
    if (!dimension)
        return made;
    for (const FirstSight& sight : first_sights(m_seen[line.seen], line.path, *dimension)) {
        if (made.size() == marks_max)
            break;
        const std::string version =
            dimension_value_text(*vocabulary, *dimension, sight.value, *m_source->disclosure());
        made.push_back(
            {sight.time_us,
             tr("first sight of %1").arg(QString::fromStdString(printable(version, 40)))});
    }
    std::sort(made.begin(), made.end(),
              [](const auto& a, const auto& b) { return a.time_us < b.time_us; });
    return made;
}

void LatencyView::showFreshness() {
    struct Row {
        QString place, when, age;
        bool late;
    };
    std::vector<Row> rows;
    const std::int64_t now_us = Micros::now().value();
    const auto vocabulary = m_source->vocabulary();
    for (const LatencySeen& seen : vocabulary ? m_seen : std::vector<LatencySeen>())
        for (const LatencyPlace& place : latency_places(seen)) {
            Row row{QString::fromStdString(printable(vocabulary->places->name(place.place))),
                    tr("no event time"),
                    {},
                    true};
            if (place.newest_event_us != INT64_MIN) {
                row.when = tr("to %1").arg(
                    m_context.clock().time(place.newest_event_us, Precision::Seconds));
                row.age = duration_text(std::max<std::int64_t>(0, now_us - place.newest_event_us));
                row.late = false;
            }
            rows.push_back(std::move(row));
        }
    while (m_fresh_rows.size() < rows.size()) {
        const int at = static_cast<int>(m_fresh_rows.size());
        std::array<TextLabel*, 3> labels{};
        for (int i = 0; i < 3; ++i) {
            labels[static_cast<std::size_t>(i)] =
                new TextLabel({}, i == 0 ? TextRole::Body : TextRole::Muted, this);
            m_freshness->addWidget(labels[static_cast<std::size_t>(i)], at, i);
        }
        labels[0]->setElided();
        m_fresh_rows.push_back(labels);
    }
    for (std::size_t i = 0; i < m_fresh_rows.size(); ++i) {
        for (TextLabel* const label : m_fresh_rows[i])
            label->setVisible(i < rows.size());
        if (i >= rows.size())
            continue;
        m_fresh_rows[i][0]->setText(rows[i].place);
        m_fresh_rows[i][1]->setText(rows[i].when);
        m_fresh_rows[i][1]->setTone(rows[i].late ? Token::Amber : Token::Muted);
        m_fresh_rows[i][2]->setText(rows[i].age);
    }
}

void LatencyView::showState() {
    if (hasContent()) {
        showContent();
        return;
    }
    const bool seen = std::any_of(m_seen.begin(), m_seen.end(), [](const LatencySeen& one) {
        return !latency_places(one).empty();
    });
    showPage(seen ? QStringLiteral("seen") : QStringLiteral("none"), [&](StatePage& page) {
        if (seen)
            page.showEmpty(tr("No duration in this time range"),
                           tr("Events were read, but none of them in it, or none has times that "
                              "can be compared. Choose a longer range."));
        else
            page.showEmpty(tr("No event has come yet"),
                           tr("As soon as one is read, it stands here how long it took: on the "
                              "client, on the network, in the collector, and from stage to stage "
                              "where the workspace names stages."));
    });
}

ViewBadge LatencyView::badge() const {
    if (m_badge_age.isValid() && m_badge_age.elapsed() < figures_every_ms)
        return m_badge;
    m_badge_age.start();
    m_badge = {};
    const auto vocabulary = m_source->vocabulary();
    if (!vocabulary)
        return m_badge;
    const std::vector<LatencySeen> seen = m_source->seen();
    const LatencyRange range = latency_range(seen, m_context.timeRange(), Micros::now().value());
    QStringList names;
    for (const LatencyLine& line : latency_targets(seen, *vocabulary, range))
        if (line.broken())
            names.append(line.title);
    if (!names.isEmpty())
        m_badge = {ViewBadge::Kind::Alarm, static_cast<int>(names.size()),
                   tr("over target: %1").arg(names.join(QStringLiteral(", ")))};
    return m_badge;
}

void LatencyView::setClockPolicy(ClockPolicy policy) {
    if (policy == m_policy)
        return;
    m_policy = policy;
    m_stale = true;
    refresh();
    askDifferences();
    Q_EMIT moved();
}

bool LatencyView::hasContent() const {
    return !m_lines.empty() && m_lines.front().durations.count() > 0; // those with data come first
}

// ---- place and layout --------------------------------------------------------------------------

QJsonObject LatencyView::place() const {
    QJsonObject place{{QStringLiteral("line"), m_chosen},
                      {QStringLiteral("clock"), QLatin1String(to_word(m_policy))}};
    if (const auto& selection = m_heatmap->selection()) {
        // As texts: 64 bits do not survive a JSON number.
        const auto put = [&](const char* name, std::int64_t value) {
            place[QLatin1String(name)] = QString::number(value);
        };
        put("from", selection->time.from_us);
        put("to", selection->time.to_us);
        put("least", selection->least_us);
        put("most", selection->most_us);
    }
    return place;
}

void LatencyView::goTo(const QJsonObject& place) {
    const auto number = [&](const char* name) {
        return place[QLatin1String(name)].toString().toLongLong();
    };
    const auto policy = clock_policy(place[QStringLiteral("clock")].toString().toStdString());
    m_policy = policy.value_or(m_policy);
    m_chosen = place[QStringLiteral("line")].toString(m_chosen);
    m_stale = true;
    refresh();
    if (place.contains(QStringLiteral("from")))
        m_heatmap->setSelection(
            LatencySelection{{number("from"), number("to")}, number("least"), number("most")});
    else
        m_heatmap->setSelection(std::nullopt);
}

QWidget* LatencyView::contentFocus() {
    for (LatencyCard* const card : m_cards)
        if (card->isChosen())
            return card;
    return m_heatmap;
}

} // namespace weir

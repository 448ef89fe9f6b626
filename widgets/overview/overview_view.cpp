// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/overview/overview_view.h"

#include <QJsonObject>
#include <QTableView>
#include <QTimer>

#include <algorithm>

#include "models/live/printable.h"
#include "widgets/catalogue/row_delegate.h"
#include "widgets/common/controls.h"
#include "widgets/common/gaps_text.h"
#include "widgets/common/number_text.h"
#include "widgets/common/state_page.h"
#include "widgets/latency/latency_lines.h"
#include "widgets/overview/finding_card.h"
#include "widgets/overview/pipeline_map.h"

namespace weir {

namespace {

constexpr int overview_every_ms = 500; // so that figures can be read while they grow

} // namespace

OverviewView::OverviewView(std::unique_ptr<OverviewSource> source, ViewContext& context,
                           QWidget* parent)
    : FramedView(parent)
    , m_source(std::move(source))
    , m_context(context) {
    build();
    const auto anew = [this] {
        m_later.drop();
        m_age.invalidate();
        ask();
    };
    connect(&m_context, &ViewContext::timeRangeChanged, this, anew);
    connect(&m_context, &ViewContext::clockChanged, this, &OverviewView::showAll);
    addCommand(tr("Overview: show the finding"), {}, [this] { openFinding(); });
    // Findings are told in the rail, too, while another view is on screen.
    auto* const background = new QTimer(this);
    connect(background, &QTimer::timeout, this, [this] {
        if (!isVisible())
            chartTick();
    });
    background->start(overview_every_ms);
    ask();
    showAll();
}

OverviewView::~OverviewView() = default;

// ---- what is worked out ------------------------------------------------------------------------

void OverviewView::chartTick() {
    take();
    if (!m_age.isValid() || m_age.elapsed() >= overview_every_ms)
        ask();
}

void OverviewView::ask() {
    if (m_later.asked())
        return; // the answer to the last question is not there yet
    m_age.start();
    OverviewInput input = m_source->input();
    if (!input.vocabulary || input.stages.empty()) {
        m_overview = nullptr;
        showAll();
        return;
    }
    input.now_us = Micros::now().value();
    input.range = latency_range(input.latency, m_context.timeRange(), input.now_us);
    input.partial = !m_source->partial().isEmpty();
    m_later.start([input = std::move(input)] { return make_overview(input); });
}

void OverviewView::take() {
    auto answer = m_later.answer();
    if (!answer)
        return;
    m_later.drop();
    m_overview = std::move(answer);
    showAll();
}

ViewBadge OverviewView::badge() const {
    if (!m_overview || m_overview->findings.empty())
        return {};
    const auto& findings = m_overview->findings;
    const bool lost = std::any_of(findings.begin(), findings.end(),
                                  [](const Finding& one) { return one.fate != Fate::Late; });
    return {lost ? ViewBadge::Kind::Alarm : ViewBadge::Kind::Warning,
            static_cast<int>(findings.size()),
            QString::fromStdString(printable(findings.front().sentence))};
}

bool OverviewView::opensFirst() const {
    return !m_source->input().stages.empty();
}

bool OverviewView::hasContent() const {
    return m_overview && m_overview->events > 0;
}

// ---- what is shown -----------------------------------------------------------------------------

void OverviewView::showAll() {
    m_map->setOverview(m_overview);
    m_flow->setOverview(m_overview);
    m_finding_model->setOverview(m_overview);
    const bool any = m_finding_model->rowCount() > 0;
    m_findings->setVisible(any);
    m_no_findings->setVisible(!any);
    if (any && !m_findings->currentIndex().isValid())
        m_findings->setCurrentIndex(m_finding_model->index(0));
    m_table_title->setText(tr("Flow, %1").arg(m_context.timeRange().label(m_context.clock())));
    if (m_overview) {
        QStringList words{tr("in = out + rejected + duplicate + pending + unaccounted")};
        words.append(m_overview->sampled > 1
                         ? tr("▲ an estimate: one id in %1 is joined").arg(m_overview->sampled)
                         : tr("exact"));
        if (m_overview->read_to)
            words.append(
                tr("all places are read up to %1")
                    .arg(m_context.clock().time(m_overview->read_to->value(), Precision::Seconds)));
        const QString partial = m_source->partial();
        if (!partial.isEmpty())
            words.append(tr("▲ partial: %1").arg(partial));
        const QString trouble = addWatched(words);
        m_table_note->setText(words.join(QStringLiteral(" · ")));
        m_table_note->setTone(partial.isEmpty() && trouble.isEmpty() ? Token::Muted : Token::Amber);
    }
    showFinding();
    showState();
}

/// When nobody watched, and what is wrong with the history, which is answered.
QString OverviewView::addWatched(QStringList& words) const {
    std::vector<RecordRange> gaps;
    QString trouble;
    for (const WatchedTime& one : m_source->watched()) {
        if (trouble.isEmpty())
            trouble = QString::fromStdString(printable(one.trouble));
        if (one.stretches.empty()) // not known yet
            continue;
        const auto more =
            unwatched(one.stretches, m_overview->range, slice_width_us(m_overview->range));
        gaps.insert(gaps.end(), more.begin(), more.end());
    }
    if (const QString text = gaps_text(joined(std::move(gaps)), m_context.clock()); !text.isEmpty())
        words.append(tr("not watched: %1").arg(text));
    if (!trouble.isEmpty())
        words.append(tr("▲ %1").arg(trouble));
    return trouble;
}

const Finding* OverviewView::chosenFinding() const {
    return m_finding_model->findingAt(m_findings->currentIndex().row());
}

void OverviewView::showFinding() {
    if (!m_overview)
        return;
    if (const Finding* const finding = chosenFinding())
        m_card->showFinding(*finding, m_findings->currentIndex().row() + 1,
                            m_finding_model->rowCount(), m_context.clock());
    else
        m_card->showNone(*m_overview, m_context.clock());
}

void OverviewView::showState() {
    if (hasContent()) {
        showContent();
        return;
    }
    const bool stages = !m_source->input().stages.empty();
    showPage(stages ? QStringLiteral("none") : QStringLiteral("stages"), [&](StatePage& page) {
        if (stages)
            page.showEmpty(tr("No event in this time range"),
                           tr("As soon as one is read, the pipeline stands here: what flows "
                              "through each stage, how late it is, and what is missing."));
        else
            page.showEmpty(tr("The workspace names no stages"),
                           tr("Name them in the workspace's \"stages\", each with the topics that "
                              "it reads and writes: then it can be told what becomes of every "
                              "event. The other views do without."));
    });
}

// ---- where it leads ----------------------------------------------------------------------------

void OverviewView::openFinding() {
    const Finding* const finding = chosenFinding();
    if (finding == nullptr)
        return;
    if (!finding->scope.group.empty())
        Q_EMIT openRequested(
            QStringLiteral("backlog"),
            {{QStringLiteral("group"), QString::fromStdString(finding->scope.group)}});
    else
        Q_EMIT openRequested(QStringLiteral("latency"), {});
}

void OverviewView::openStage(int stage) {
    if (stage >= 0)
        Q_EMIT openRequested(QStringLiteral("latency"), {});
}

std::string OverviewView::target(const std::string& connection) const {
    return weir_connection(m_source->commandTarget(connection));
}

QJsonObject OverviewView::place() const {
    return {{QStringLiteral("stage"), m_map->currentStage()}};
}

void OverviewView::goTo(const QJsonObject& place) {
    m_map->setCurrentStage(place[QStringLiteral("stage")].toInt(-1));
}

QWidget* OverviewView::contentFocus() {
    return m_map;
}

} // namespace weir

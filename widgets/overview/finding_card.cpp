// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/overview/finding_card.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

#include "models/live/printable.h"
#include "widgets/common/number_text.h"

namespace weir {
namespace {

QString card_text(const std::string& text) {
    return QString::fromStdString(printable(text, 400));
}

QString fate_text(Fate fate) {
    switch (fate) {
    case Fate::Lost:
        return FindingCard::tr("lost, as far as anybody can tell");
    case Fate::Unknown:
        return FindingCard::tr("lost or late is not known");
    case Fate::Late:
        return FindingCard::tr("late, not lost");
    }
    return {};
}

QString confidence_text(Confidence confidence) {
    switch (confidence) {
    case Confidence::Certain:
        return FindingCard::tr("certain");
    case Confidence::Likely:
        return FindingCard::tr("likely");
    case Confidence::Possible:
        return FindingCard::tr("possible: not all was read");
    }
    return {};
}

} // namespace

FindingCard::FindingCard(QWidget* parent)
    : Card(parent)
    , m_sentence(new TextLabel({}, TextRole::Heading, this))
    , m_detail(new TextLabel({}, TextRole::Muted, this))
    , m_step(new TextLabel({}, TextRole::Body, this))
    , m_position(new TextLabel({}, TextRole::Muted, this))
    , m_show(primary_button(tr("Show"), this))
    , m_copy_command(quiet_button(tr("Copy command"), this))
    , m_copy_markdown(quiet_button(tr("Copy as Markdown"), this))
    , m_next(quiet_button(tr("Next finding"), this)) {
    m_sentence->setWordWrap(true);
    m_sentence->setAccessibleName(tr("The finding"));
    m_detail->setElided();
    m_step->setElided();
    auto* const buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    for (QPushButton* const button : {m_show, m_copy_command, m_copy_markdown, m_next})
        buttons->addWidget(button);
    buttons->addStretch(1);
    buttons->addWidget(m_position);
    auto* const all = new QVBoxLayout(this);
    all->setContentsMargins(18, 12, 16, 12);
    all->setSpacing(6);
    all->addWidget(m_sentence);
    all->addWidget(m_detail);
    all->addWidget(m_step);
    all->addLayout(buttons);
    connect(m_show, &QPushButton::clicked, this, &FindingCard::showRequested);
    connect(m_copy_command, &QPushButton::clicked, this, &FindingCard::copyCommandRequested);
    connect(m_copy_markdown, &QPushButton::clicked, this, &FindingCard::copyMarkdownRequested);
    connect(m_next, &QPushButton::clicked, this, &FindingCard::nextRequested);
}

void FindingCard::showFinding(const Finding& finding, int number, int count,
                              const ZoneClock& clock) {
    setEdge(finding.fate == Fate::Late ? Token::Amber : Token::Red);
    QString sentence = card_text(finding.sentence);
    if (finding.since)
        sentence += tr(", since %1").arg(clock.time(finding.since->value(), Precision::Seconds));
    m_sentence->setText(sentence);
    QStringList words;
    for (const std::string& one : finding.evidence)
        words.append(card_text(one));
    words.append(fate_text(finding.fate));
    words.append(confidence_text(finding.confidence));
    m_detail->setText(words.join(QStringLiteral(" · ")));
    m_step->setText(card_text(finding.next_step));
    m_step->setVisible(true);
    QString position = tr("%1 of %2").arg(number).arg(count);
    if (!finding.consequences.empty())
        position += finding.consequences.size() == 1
                        ? tr(" · 1 consequence folded")
                        : tr(" · %1 consequences folded").arg(finding.consequences.size());
    m_position->setText(position);
    for (QPushButton* const button : {m_show, m_copy_markdown})
        button->setVisible(true);
    m_copy_command->setVisible(!finding.command.empty());
    m_next->setVisible(count > 1);
}

void FindingCard::showNone(const Overview& overview, const ZoneClock& clock) {
    setEdge(Token::Green);
    m_sentence->setText(tr("Nothing is found to be wrong"));
    QStringList words{tr("%1 events in this range").arg(count_text(overview.events))};
    if (overview.read_to)
        words.append(tr("all places are read up to %1")
                         .arg(clock.time(overview.read_to->value(), Precision::Seconds)));
    else
        words.append(tr("not every place has been read yet"));
    m_detail->setText(words.join(QStringLiteral(" · ")));
    m_position->clear();
    m_step->setVisible(false);
    for (QPushButton* const button : {m_show, m_copy_command, m_copy_markdown, m_next})
        button->setVisible(false);
}

} // namespace weir

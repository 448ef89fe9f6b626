// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/catalogue/compatibility_panel.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QTableView>

#include <algorithm>

#include "models/catalogue/catalogue_facts.h"
#include "models/contract/contract_compatibility.h"
#include "widgets/catalogue/row_delegate.h"
#include "widgets/common/combo_box.h"
#include "widgets/common/controls.h"

namespace weir {

namespace {

void say(Pill* pill, const QString& word, bool holds) {
    pill->setText((holds ? QStringLiteral("✓ ") : QStringLiteral("▲ ")) % word,
                  holds ? Pill::Tone::Green : Pill::Tone::Red);
}

} // namespace

CompatibilityPanel::CompatibilityPanel(QWidget* parent)
    : QWidget(parent)
    , m_choice(new QWidget(this))
    , m_older(new ComboBox({}, m_choice))
    , m_newer(new ComboBox({}, m_choice))
    , m_backward(new Pill(m_choice))
    , m_forward(new Pill(m_choice))
    , m_full(new Pill(m_choice))
    , m_verdict(new TextLabel({}, TextRole::Body, this))
    , m_table(make_table(tr("Differences of the two versions"), this))
    , m_differences(new FactsModel(this)) {
    m_older->setAccessibleName(tr("Older version"));
    m_newer->setAccessibleName(tr("Newer version"));
    m_verdict->setWordWrap(true);
    m_verdict->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_table->setModel(m_differences);
    auto* const line = new QHBoxLayout(m_choice);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(8);
    line->addWidget(new TextLabel(tr("From"), TextRole::Muted));
    line->addWidget(m_older);
    line->addWidget(new TextLabel(tr("to"), TextRole::Muted));
    line->addWidget(m_newer);
    line->addSpacing(8);
    for (Pill* pill : {m_backward, m_forward, m_full})
        line->addWidget(pill);
    line->addStretch(1);
    auto* const all = new QVBoxLayout(this);
    all->setContentsMargins(0, 8, 0, 0);
    all->setSpacing(8);
    all->addWidget(m_choice);
    all->addWidget(m_verdict);
    all->addWidget(m_table, 1);
    for (QComboBox* box : {m_older, m_newer})
        connect(box, &QComboBox::activated, this, &CompatibilityPanel::compare);
}

void CompatibilityPanel::setVersions(std::vector<std::shared_ptr<const Contract>> versions,
                                     const std::shared_ptr<const Contract>& looked_at) {
    if (versions == m_versions && looked_at == m_looked_at)
        return;
    m_versions = std::move(versions);
    m_looked_at = looked_at;
    for (QComboBox* box : {m_older, m_newer}) {
        box->clear();
        for (const auto& contract : m_versions)
            box->addItem(tr("version %1").arg(contract->version));
    }
    const auto at = std::find(m_versions.begin(), m_versions.end(), looked_at);
    const int newer = at == m_versions.end() ? 0 : static_cast<int>(at - m_versions.begin());
    const int last = static_cast<int>(m_versions.size()) - 1;
    // The oldest one is held against the one after it.
    m_newer->setCurrentIndex(newer == last && last > 0 ? newer - 1 : newer);
    m_older->setCurrentIndex(std::min(m_newer->currentIndex() + 1, last));
    compare();
}

std::shared_ptr<const Contract> CompatibilityPanel::chosen(const QComboBox* box) const {
    const auto index = static_cast<std::size_t>(box->currentIndex());
    return index < m_versions.size() ? m_versions[index] : nullptr;
}

void CompatibilityPanel::compare() {
    const bool two = m_versions.size() > 1;
    m_choice->setVisible(two);
    m_table->setVisible(false);
    m_shown.reset();
    m_answer.drop();
    if (!two) {
        m_verdict->setText(
            m_versions.empty()
                ? tr("There is no contract to compare with.")
                : tr("There is one version with a contract: nothing to compare it with."));
        return;
    }
    m_verdict->setText(tr("Comparing…"));
    for (Pill* pill : {m_backward, m_forward, m_full})
        pill->hide();
    m_answer.start([older = chosen(m_older), newer = chosen(m_newer)] {
        return compare_contracts(*older, *newer);
    });
}

void CompatibilityPanel::tick() {
    const auto answer = m_answer.answer();
    if (!answer || answer == m_shown)
        return;
    m_shown = answer;
    show(*answer);
}

void CompatibilityPanel::show(const Compatibility& found) {
    say(m_backward, tr("backward"), found.backward());
    say(m_forward, tr("forward"), found.forward());
    say(m_full, tr("full"), found.full());
    for (Pill* pill : {m_backward, m_forward, m_full})
        pill->show();
    const auto older = chosen(m_older)->version;
    const auto newer = chosen(m_newer)->version;
    const auto reads = [](bool all, std::int64_t reader, std::int64_t events) {
        return (all ? tr("A reader of version %1 takes every event of version %2.")
                    : tr("A reader of version %1 does not take every event of version %2."))
            .arg(reader)
            .arg(events);
    };
    QString text =
        reads(found.backward(), newer, older) % u' ' % reads(found.forward(), older, newer);
    if (found.differences.empty())
        text = tr("No difference: each takes every event of the other.");
    m_verdict->setText(text);
    m_differences->setTable(differences_table(found));
    m_table->setVisible(!found.differences.empty());
    constexpr int widths[] = {96, 190, 300};
    for (int column = 0; column < 3; ++column)
        m_table->horizontalHeader()->resizeSection(column, widths[column]);
}

QString CompatibilityPanel::verdict() const {
    return m_verdict->text();
}

} // namespace weir

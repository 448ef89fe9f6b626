// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/catalogue/fields_panel.h"

#include <QHeaderView>
#include <QVBoxLayout>

#include "models/catalogue/catalogue_words.h"
#include "models/catalogue/fields_model.h"
#include "widgets/catalogue/row_delegate.h"
#include "widgets/common/controls.h"

namespace weir {

namespace {

constexpr int widths[FieldsModel::ColumnCount] = {180, 112, 78, 80, 250, 56, 72, 240};

QString field_facts(const ContractField& field) {
    QStringList parts;
    parts.append(field.types.empty() ? FieldsPanel::tr("any type") : shown_text(field.types));
    parts.append(field.required ? FieldsPanel::tr("required") : FieldsPanel::tr("may be missing"));
    if (field.personal())
        parts.append(FieldsPanel::tr("personal: %1").arg(shown_text(field.pii)));
    if (!field.unit.empty())
        parts.append(FieldsPanel::tr("in %1").arg(shown_text(field.unit)));
    if (!field.default_json.empty())
        parts.append(FieldsPanel::tr("%1 where it is missing").arg(shown_text(field.default_json)));
    for (const std::string& demand : field.demands)
        parts.append(shown_text(demand));
    QString text = parts.join(QStringLiteral(" · "));
    if (!field.description.empty())
        text += u'\n' % shown_text(field.description);
    return text;
}

} // namespace

FieldsPanel::FieldsPanel(QWidget* parent)
    : QWidget(parent)
    , m_tree(new RowTree(tr("Fields of the contract"), this))
    , m_fields(new FieldsModel(this))
    , m_pointer(new TextLabel({}, TextRole::Mono, this))
    , m_detail(new TextLabel({}, TextRole::Muted, this)) {
    m_tree->setModel(m_fields);
    for (int column = 0; column < FieldsModel::ColumnCount; ++column)
        m_tree->header()->resizeSection(column, widths[column]);
    m_detail->setWordWrap(true);
    m_detail->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    for (TextLabel* label : {m_pointer, m_detail})
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_pointer->setElided();
    auto* const all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(4);
    all->addWidget(m_tree, 1);
    all->addSpacing(4);
    all->addWidget(m_pointer);
    all->addWidget(m_detail);
    connect(m_tree->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &FieldsPanel::showField);
    showField();
}

void FieldsPanel::setContract(std::shared_ptr<const Contract> contract) {
    const QString before = pointer(); // the same field of another version
    m_fields->setContract(std::move(contract));
    m_tree->expandAll();
    choose(before);
    showField();
}

QString FieldsPanel::pointer() const {
    return m_tree->currentIndex().data(FieldsModel::PointerRole).toString();
}

void FieldsPanel::choose(const QString& pointer) {
    const QModelIndex at = m_fields->indexOf(pointer);
    if (!at.isValid())
        return;
    m_tree->setCurrentIndex(at);
    m_tree->scrollTo(at);
}

void FieldsPanel::showField() {
    const ContractField* const field = m_fields->fieldAt(m_tree->currentIndex());
    m_pointer->setText(pointer());
    m_pointer->setVisible(!pointer().isEmpty());
    m_detail->setVisible(field != nullptr);
    if (field != nullptr)
        m_detail->setText(field_facts(*field));
}

QByteArray FieldsPanel::columnState() const {
    return m_tree->header()->saveState();
}

void FieldsPanel::restoreColumnState(const QByteArray& state) {
    m_tree->header()->restoreState(state);
}

} // namespace weir

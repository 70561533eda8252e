/** What an approver signs with his wallet (EIP-191, personal_sign) to approve a payment: one line that ends with the intent hash. */
export function paymentApprovalText(intentHash: string): string {
  return `IronForge: I approve the payment with the intent hash ${intentHash}`;
}

/** The same for a change; another text, so that no signature serves for anything but what it was given for. */
export function changeApprovalText(changeHash: string): string {
  return `IronForge: I approve the change with the hash ${changeHash}`;
}

-- The newest price of an asset in a currency by each who pushes any; asset ids of EVM chains in lower case, prices as decimal text.
CREATE TABLE asset_prices (
  id UUID PRIMARY KEY,
  tenant_id UUID NOT NULL,
  asset_id TEXT NOT NULL,
  currency VARCHAR(3) NOT NULL,
  pushed_by UUID NOT NULL,
  price VARCHAR(60) NOT NULL,
  decimals INT4 NOT NULL CHECK (decimals >= 0),
  source VARCHAR(100) NOT NULL,
  observed_at TIMESTAMPTZ NOT NULL,
  received_at TIMESTAMPTZ NOT NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  UNIQUE (tenant_id, asset_id, currency, pushed_by)
);
CREATE INDEX asset_prices_newest ON asset_prices (tenant_id, received_at DESC, id DESC);
ALTER TABLE asset_prices ENABLE ROW LEVEL SECURITY;
ALTER TABLE asset_prices FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON asset_prices TO ironforge_app
  USING (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID)
  WITH CHECK (tenant_id = NULLIF(current_setting('ironforge.tenant', true), '')::UUID);
GRANT SELECT, INSERT, UPDATE ON asset_prices TO ironforge_app;

-- Beside policy_explanation: what rules over fiat amounts were decided by; null where none was looked at.
ALTER TABLE tx_requests ADD COLUMN policy_prices JSONB;

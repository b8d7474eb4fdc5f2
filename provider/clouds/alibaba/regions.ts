/**
 * Regions with an endpoint of their own, and those served by the central one (endpoint map of the SDKs 2024-05-18 and
 * 2020-05-18, which are the same). A region in neither list is newer than this table and has its own.
 */
const CENTRAL = new Set(
  `ap-northeast-2-pop ap-south-1 ap-southeast-2 cn-beijing-finance-pop cn-beijing-gov-1 cn-beijing-nu16-b01 cn-edge-1
   cn-fujian cn-haidian-cm12-c01 cn-hangzhou-bj-b01 cn-hangzhou-finance cn-hongkong-finance-pop cn-huhehaote
   cn-huhehaote-nebula-1 cn-qingdao cn-qingdao-nebula cn-shanghai-et15-b01 cn-shanghai-et2-b01 cn-shanghai-inner
   cn-shenzhen-inner cn-shenzhen-st4-d01 cn-shenzhen-su18-b01 cn-wuhan cn-yushanfang cn-zhangbei cn-zhangbei-na61-b01
   cn-zhangjiakou-na62-a01 cn-zhengzhou-nebula-1 eu-west-1-oxs rus-west-1-pop`.split(/\s+/),
);

/** The public endpoint of DataWorks for a region; the VPC form `dataworks-vpc.<region>.aliyuncs.com` is `dataworks:endpoint`. */
export const endpointOf = (region: string): string =>
  CENTRAL.has(region) ? "dataworks.aliyuncs.com" : `dataworks.${region}.aliyuncs.com`;

/** Whether calls that go to this host arrive in the region, as far as the name of the host tells. */
export const serves = (hostname: string, region: string): boolean =>
  hostname === endpointOf(region) || hostname.split(".").includes(region);

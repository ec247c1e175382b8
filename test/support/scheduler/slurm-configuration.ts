interface SlurmPlace {
  readonly folder: string
  readonly host: string
  /** The controller's, then one for each node. */
  readonly ports: readonly number[]
}

/** For nodes that are all this machine: nothing of it needs cgroups, an account database or a daemon for keys. */
export function slurmConfiguration({ folder, host, ports: [controller, ...nodes] }: SlurmPlace): string {
  return `${[
    'ClusterName=one-machine',
    `SlurmctldHost=${host}(127.0.0.1)`,
    `SlurmctldPort=${controller}`,
    'SlurmUser=root',
    'SlurmdUser=root',
    'AuthType=auth/none',
    'CredType=cred/none',
    `StateSaveLocation=${folder}/state`,
    `SlurmdSpoolDir=${folder}/%n`,
    `SlurmctldPidFile=${folder}/slurmctld.pid`,
    `SlurmdPidFile=${folder}/%n.pid`,
    `SlurmdLogFile=${folder}/%n.log`,
    'ProctrackType=proctrack/linuxproc',
    'TaskPlugin=task/none',
    'JobAcctGatherType=jobacct_gather/none',
    'AccountingStorageType=accounting_storage/none',
    'SwitchType=switch/none',
    'MpiDefault=none',
    'SelectType=select/cons_tres',
    'SelectTypeParameters=CR_Core',
    'SlurmdParameters=config_overrides', // a node has more cores here than the machine
    'ReturnToService=2',
    ...nodes.map(
      (port, index) =>
        `NodeName=n${index + 1} NodeHostname=${host} NodeAddr=127.0.0.1 Port=${port} CPUs=4 RealMemory=1000`,
    ),
    `PartitionName=all Nodes=n[1-${nodes.length}] Default=YES MaxTime=INFINITE State=UP`,
  ].join('\n')}\n`
}
